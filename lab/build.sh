# Building the project from a script: a JDK 25, Maven, and whether there is anything to build. A library for bash, on top of packages.sh.

ROOT=$(readlink -f "${BASH_SOURCE[0]%/*}/..")
. "$ROOT/bin/lib.sh"

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

# As find_java of bin/lib.sh, but what is found must have a compiler.
find_jdk() {
    local candidate compiler
    compiler=$(command -v javac) && compiler=$(dirname "$(dirname "$(readlink -f "$compiler")")")
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* "$compiler"; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] && java_is_new_enough "$candidate" || continue
        export JAVA_HOME=$candidate
        return 0
    done
    return 1
}

require_maven() { require_jdk && require_tools mvn:maven; }

maven() { (cd "$ROOT" && mvn -B -ntp "$@"); }

# Builds what bin/ starts, when something is newer than the last build.
ensure_built() {
    # The directory is filled anew by each build; jars that did not change keep their old dates.
    local built=$ROOT/.build/lib
    if compgen -G "$built/jdpvs-daemon-*.jar" > /dev/null && [ -z "$(find "$ROOT" \( -name .git -o -name target -o -name .build -o -name e2e -o -name test \) -prune -o \
        \( -path '*/src/main/*' -o -name pom.xml \) -type f -newer "$built" -print -quit)" ]; then
        require_jdk
        return
    fi
    require_maven || return 1
    echo "Building jdpvs (the first time this takes a few minutes) ..." >&2
    maven -q -DskipTests package || { echo "The build failed; see above." >&2; return 1; }
}

tests_forgotten() { rm -rf "$ROOT"/*/target/surefire-reports; }

# Surefire prints totals for each module; this adds them up from its reports: passed, failed, skipped.
tests_counted() {
    cat "$ROOT"/*/target/surefire-reports/TEST-*.xml 2> /dev/null | awk '
        /<testsuite / {
            for (name in sum) value[name] = 0
            while (match($0, /(tests|errors|skipped|failures)="[0-9]+"/)) {
                split(substr($0, RSTART, RLENGTH), pair, "\"")
                sub("=", "", pair[1])
                sum[pair[1]] += pair[2]
                $0 = substr($0, RSTART + RLENGTH)
            }
        }
        END {
            failed = sum["errors"] + sum["failures"]
            printf "%d %d %d\n", sum["tests"] - failed - sum["skipped"], failed, sum["skipped"]
        }'
}
