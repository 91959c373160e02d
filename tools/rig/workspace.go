package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// reapCommand is how the rig starts itself as the workspace's reaper.
const reapCommand = "reap-workspace"

// workspace is the temporary folder of one run. It is removed by close, and,
// should the rig be killed outright, by a second process that waits for that.
type workspace struct {
	folder string
	reaper *exec.Cmd
	alive  io.Closer
}

func openWorkspace() (*workspace, error) {
	folder, err := os.MkdirTemp("", "kubewright-rig-")
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	reaper := exec.Command(self, reapCommand, folder)
	reaper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	alive, err := reaper.StdinPipe()
	if err == nil {
		err = reaper.Start()
	}
	if err != nil {
		os.RemoveAll(folder)
		return nil, fmt.Errorf("starting the reaper: %w", err)
	}
	return &workspace{folder: folder, reaper: reaper, alive: alive}, nil
}

func (w *workspace) close() {
	removeFolder(w.folder)
	w.alive.Close()
	w.reaper.Wait()
}

// reap waits until the rig closes the pipe, which its death does too, and
// removes the folder.
func reap(args []string) int {
	if len(args) != 1 {
		return exitUsage
	}
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	io.Copy(io.Discard, os.Stdin)
	removeFolder(args[0])
	return exitAccepted
}

// removeFolder tries for a while: a dying server may still write.
func removeFolder(folder string) {
	for range 50 {
		os.RemoveAll(folder)
		time.Sleep(20 * time.Millisecond)
		if _, err := os.Lstat(folder); os.IsNotExist(err) {
			return
		}
		time.Sleep(80 * time.Millisecond)
	}
}
