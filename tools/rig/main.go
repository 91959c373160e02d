// Command rig asks real Kubernetes API servers whether they take what
// kubewright writes. It needs no docker and no cluster: it starts etcd and
// kube-apiserver (pinned in the folders beside this one) on loopback, sends
// every object through a strict server-side dry run and a real apply, and
// leaves nothing behind.
//
//	rig check [--kube newest|oldest|both] [--skip-apply] [--strict-warnings] [--list FILE] DIR…
//	rig serve [--kube newest|oldest]
//
// Exit codes: 0 every object was accepted; 1 at least one was refused; 2 wrong
// use; 3 the rig itself could not run (also: it was interrupted, or its
// self-check failed); 4 there is no Go toolchain to build the servers with.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	exitAccepted    = 0
	exitRefused     = 1
	exitUsage       = 2
	exitRig         = 3
	exitNoToolchain = 4
)

const usage = `usage:
  rig check [--kube newest|oldest|both] [--skip-apply] [--strict-warnings] [--list FILE] DIR…
  rig serve [--kube newest|oldest]
`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(exitUsage)
	}
	ctx, stop := untilStopped()
	defer stop()
	switch command, args := os.Args[1], os.Args[2:]; command {
	case "check":
		os.Exit(exitCode(checkCommand(ctx, args, os.Stdout)))
	case "serve":
		os.Exit(exitCode(serveCommand(ctx, args, os.Stdout)))
	case reapCommand:
		os.Exit(reap(args))
	case "help", "-h", "--help":
		fmt.Print(usage)
	default:
		fmt.Fprintf(os.Stderr, "rig: unknown command `%s`\n%s", command, usage)
		os.Exit(exitUsage)
	}
}

// untilStopped is done on SIGINT, SIGTERM or SIGHUP, and when the process
// that started the rig is gone: nobody would read the answer.
func untilStopped() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx, cancel := context.WithCancelCause(ctx)
	parent := os.Getppid()
	go func() {
		for ctx.Err() == nil {
			if os.Getppid() != parent {
				cancel(errors.New("the parent process is gone"))
			}
			time.Sleep(250 * time.Millisecond)
		}
	}()
	return ctx, stop
}

// errRefused says that the rig ran and found objects that were not accepted.
var errRefused = errors.New("objects were refused")

// usageError is a mistake in the arguments.
type usageError struct{ error }

func exitCode(err error) int {
	var use usageError
	switch {
	case err == nil:
		return exitAccepted
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.Is(err, flag.ErrHelp):
		return exitAccepted
	case errors.As(err, &use):
		fmt.Fprintf(os.Stderr, "rig: %v\n%s", err, usage)
		return exitUsage
	case errors.Is(err, errNoToolchain):
		fmt.Fprintln(os.Stderr, "rig:", err)
		return exitNoToolchain
	default:
		fmt.Fprintln(os.Stderr, "rig:", err)
		return exitRig
	}
}

// newFlags is a flag set whose mistakes come back as errors.
func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// parse also takes flags that stand behind positional arguments.
func parse(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Print(usage)
				return nil, err
			}
			return nil, usageError{err}
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// say talks to the person on stderr; stdout holds results only.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "rig: "+format+"\n", args...)
}
