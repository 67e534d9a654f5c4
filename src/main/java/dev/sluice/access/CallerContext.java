package dev.sluice.access;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import jakarta.ws.rs.core.SecurityContext;

/** The caller of a request, where resources find it. */
record CallerContext(Caller caller, boolean isSecure) implements SecurityContext {
    @Override
    public Caller getUserPrincipal() {
        return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
        return Scope.of(role).filter(caller.scope()::includes).isPresent();
    }

    @Override
    public String getAuthenticationScheme() {
        return null;
    }
}
