package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// serveCommand keeps one control plane up until it is told to stop, for
// developers who want to try something with kubectl.
func serveCommand(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("serve")
	kube := flags.String("kube", "newest", "")
	rest, err := parse(flags, args)
	if err != nil {
		return err
	}
	if _, known := planeNames[*kube]; !known || len(rest) > 0 {
		return usageError{fmt.Errorf("serve takes --kube newest or --kube oldest and nothing else")}
	}
	box, err := openToolbox(ctx, append(toolsFor([]string{*kube}), "kube-newest")...)
	if err != nil {
		return err
	}
	work, err := openWorkspace()
	if err != nil {
		return err
	}
	defer work.close()
	p, _, err := preparePlane(ctx, *kube, box, work.folder)
	if err != nil {
		return err
	}
	defer p.stop()
	text, err := p.kubeconfig()
	if err != nil {
		return err
	}
	path := filepath.Join(work.folder, "kubeconfig")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	say("Kubernetes %s is up; stop it with Ctrl-C. For example:\n  KUBECONFIG=%s %s api-resources", p.version, path, box.binary("kube-newest", "kubectl"))
	fmt.Fprintln(stdout, path)
	select {
	case <-ctx.Done():
		return nil
	case <-p.apiserver.done:
		return p.apiserver.failure()
	case <-p.etcd.done:
		return p.etcd.failure()
	}
}
