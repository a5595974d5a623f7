package io.keyhold.token.pkcs11;

import java.security.Security;

/** A program: gives SunPKCS11 a configuration and prints what the provider is called then. */
final class ConfiguredProvider {

    private ConfiguredProvider() {}

    public static void main(String[] arguments) {
        System.out.println(Security.getProvider("SunPKCS11").configure(arguments[0]).getName());
    }
}
