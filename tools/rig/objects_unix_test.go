//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe that nobody writes to would be waited for without end.
func TestPipesAreNotRead(t *testing.T) {
	folder := t.TempDir()
	const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe.yaml"), 0o644); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.yaml"), []byte(configMap), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := readFolder(folder)
	if err != nil || len(found.objects) != 1 || found.skipped != 1 {
		t.Errorf("%d objects, %d skipped, %v", len(found.objects), found.skipped, err)
	}
	if _, err := readCRDs(folder); err == nil {
		t.Error("a pipe is taken for a CRD")
	}
}
