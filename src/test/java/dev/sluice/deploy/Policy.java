package dev.sluice.deploy;

import java.util.List;
import java.util.stream.Stream;

/** What every build has to keep. */
enum Policy {
    NO_VOLUME,
    READ_ONLY_ROOT,
    NO_ROOT_USER,
    NO_PRIVILEGES,
    NO_SERVICE_ACCOUNT_TOKEN,
    NO_SERVICE_LINKS,
    MEMORY_AS_MEASURED,
    IMAGE_PINNED,
    PROBED,
    SPREAD,
    ONLY_KNOWN_VARIABLES,
    SECRETS_BY_REFERENCE,
    BOOTSTRAP_KEY_OF_WEB_ALONE,
    JOB_NAMED_BY_VERSION,
    GRACE_COVERS_SHUTDOWN,
    SLOTS_FIT_POOLS,
    CONNECTIONS_SUFFICE,
    WEB_IS_AUTOSCALED,
    REPLICAS_HAVE_ONE_OWNER,
    DISRUPTIONS_ARE_LIMITED,
    NO_CLIENT_AFFINITY,
    ONLY_WORKERS_REACH_OUT,
    NAMESPACES_ARE_RESTRICTED;

    /** What breaks it, in words. */
    List<String> breaches(Build build) {
        Stream<String> breaches = switch (this) {
            case NO_VOLUME -> PodRules.volumes(build);
            case READ_ONLY_ROOT -> PodRules.writableRoots(build);
            case NO_ROOT_USER -> PodRules.rootUsers(build);
            case NO_PRIVILEGES -> PodRules.privileges(build);
            case NO_SERVICE_ACCOUNT_TOKEN -> PodRules.tokens(build);
            case NO_SERVICE_LINKS -> PodRules.serviceLinks(build);
            case MEMORY_AS_MEASURED -> PodRules.smallMemory(build);
            case IMAGE_PINNED -> PodRules.floatingImages(build);
            case PROBED -> PodRules.missingProbes(build);
            case SPREAD -> PodRules.missingSpread(build);
            case ONLY_KNOWN_VARIABLES -> SettingRules.unknownVariables(build);
            case SECRETS_BY_REFERENCE -> SettingRules.secrets(build);
            case BOOTSTRAP_KEY_OF_WEB_ALONE -> SettingRules.bootstrapKeys(build);
            case JOB_NAMED_BY_VERSION -> SettingRules.misnamedJobs(build);
            case GRACE_COVERS_SHUTDOWN -> SettingRules.shortGraces(build);
            case SLOTS_FIT_POOLS -> SettingRules.smallPools(build);
            case CONNECTIONS_SUFFICE -> SettingRules.connections(build);
            case WEB_IS_AUTOSCALED -> ClusterRules.unscaledWeb(build);
            case REPLICAS_HAVE_ONE_OWNER -> ClusterRules.replicas(build);
            case DISRUPTIONS_ARE_LIMITED -> ClusterRules.unlimitedDisruptions(build);
            case NO_CLIENT_AFFINITY -> ClusterRules.affinities(build);
            case ONLY_WORKERS_REACH_OUT -> ClusterRules.egress(build);
            case NAMESPACES_ARE_RESTRICTED -> ClusterRules.unrestrictedNamespaces(build);
        };
        return breaches.toList();
    }
}
