package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

var errNoToolchain = errors.New("there is no Go toolchain to build the servers with (see the line above)")

// toolbox gives the folders of the pinned tools by the names tools/build uses.
type toolbox map[string]string

func (t toolbox) binary(tool, name string) string { return filepath.Join(t[tool], name) }

// openToolbox has tools/build build or find the tools. The folder `tools` of
// the checkout is named by KUBEWRIGHT_TOOLS (tools/run sets it), else it is
// looked for in the working folder and the folders above.
func openToolbox(ctx context.Context, names ...string) (toolbox, error) {
	script, err := buildScript()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	build := exec.CommandContext(ctx, script, names...)
	build.Stdout, build.Stderr = &out, os.Stderr
	// A stopped rig stops the script with its compilers, which then tidies up.
	build.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	build.Cancel = func() error { return syscall.Kill(-build.Process.Pid, syscall.SIGTERM) }
	build.WaitDelay = 5 * time.Second
	if err := build.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == exitNoToolchain {
			return nil, errNoToolchain
		}
		return nil, fmt.Errorf("%s: %w", script, err)
	}
	folders := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(folders) != len(names) {
		return nil, fmt.Errorf("%s named %d folders for %d tools", script, len(folders), len(names))
	}
	box := toolbox{}
	for i, name := range names {
		box[name] = folders[i]
	}
	return box, nil
}

func buildScript() (string, error) {
	if folder := os.Getenv("KUBEWRIGHT_TOOLS"); folder != "" {
		return filepath.Abs(filepath.Join(folder, "build"))
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		script := filepath.Join(folder, "tools", "build")
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("tools/build was not found; run this inside the checkout or set KUBEWRIGHT_TOOLS to its folder `tools`")
		}
		folder = parent
	}
}
