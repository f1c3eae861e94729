# Building the project from a script: a JDK 25, Maven, and whether there is anything to build. A library for bash, on top of packages.sh.

BUILD_HOME=$(readlink -f "${BASH_SOURCE[0]%/*}/..")
. "$BUILD_HOME/bin/lib.sh"

# Sets JAVA_HOME to a JDK 25: JAVA_HOME, /usr/lib/jvm, PATH; as root also the system's package.
require_jdk() {
    if find_jdk; then return 0; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "Installing openjdk-25-jdk-headless ..." >&2
        install_quietly openjdk-25-jdk-headless 2> /dev/null && find_jdk && return 0
    fi
    echo "No JDK 25 found in JAVA_HOME, /usr/lib/jvm or PATH: install one (a package such as openjdk-25-jdk or temurin-25-jdk) or set JAVA_HOME." >&2
    return 1
}

# A JDK (with javac) of version 25 or later.
find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
        case $("$candidate/bin/javac" -version 2> /dev/null) in
            "javac 25"*) export JAVA_HOME=$candidate; return 0 ;;
        esac
    done
    return 1
}

require_maven() { require_jdk && require_tools mvn:maven; }

# Maven on the JDK 25, quiet about its own Java library's warnings.
maven() { (cd "$BUILD_HOME" && mvn -B -ntp "$@"); }

# Builds what bin/ starts, when a source is newer than the last build.
ensure_built() {
    local stamp=$BUILD_HOME/.build/stamp
    if [ -e "$stamp" ] && [ -z "$(find "$BUILD_HOME" -path "$BUILD_HOME/.git" -prune -o -path '*/target' -prune -o \
        \( -path '*/src/main/*' -o -name pom.xml \) -type f -newer "$stamp" -print -quit)" ]; then
        return 0
    fi
    require_maven || return 1
    echo "Building jdpvs ..." >&2
    maven -q -DskipTests package || { echo "The build failed; see above." >&2; return 1; }
    mkdir -p "$BUILD_HOME/.build" && touch "$stamp"
}
