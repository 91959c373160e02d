package main

import "syscall"

// diesWithParent puts a child into its own process group (a Ctrl-C reaches the
// rig alone, which then stops its servers in order) and has the kernel kill it
// when the rig is killed outright.
func diesWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
