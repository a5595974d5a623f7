package io.keyhold.key;

/** A process on this machine, by the kernel's word (SO_PEERCRED). */
public record LocalProcess(int uid, int gid, int pid) {}
