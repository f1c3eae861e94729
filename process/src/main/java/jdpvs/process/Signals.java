package jdpvs.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * The system's signals. Only {@code sun.misc.Signal} of the module jdk.unsupported can hear SIGHUP, and the compiler has a warning about its
 * name that nothing silences; so the name is looked up at run time.
 */
public final class Signals {
    private Signals() {}

    /** @param name without SIG, for example {@code HUP} */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (_, method, _) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                }
                return null;
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK cannot handle SIG" + name, e);
        }
    }
}
