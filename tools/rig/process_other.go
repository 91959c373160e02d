//go:build !linux

package main

import "syscall"

// diesWithParent puts a child into its own process group. Other systems than
// Linux have no death signal: there a rig killed with SIGKILL leaves servers.
func diesWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
