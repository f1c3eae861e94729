package jdpvs.config.dpvs;

/**
 * {@code ipvs_defs conn}.
 *
 * @param poolSize connections at most over all workers, 2^n − 1; counts at the start only
 */
public record ConnectionSettings(int poolSize, int initTimeoutSeconds) {}
