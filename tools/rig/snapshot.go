package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stopPatience lets etcd write its state when the state is to be kept.
const stopPatience = 20 * time.Second

// snapshot is etcd's data of a server that has all CRDs and nothing else.
// An API server needs many seconds to establish seventy CRDs and a moment to
// find them established, so each run begins with a copy of a snapshot.
type snapshot struct {
	folder string // of etcd's data and the list of kinds
	kinds  []kind // served thanks to the CRDs
}

const (
	snapshotData  = "etcd"
	snapshotKinds = "kinds" // one "APIVERSION KIND" a line
)

// prepareSnapshot finds the snapshot for the server of that name in the tools'
// cache or makes it. Its folder's name carries a hash of the tools it was made
// with and of their flags.
func prepareSnapshot(ctx context.Context, name string, box toolbox, work string) (snapshot, error) {
	s := snapshot{folder: snapshotFolder(name, box)}
	unlock, err := lockFile(ctx, filepath.Join(filepath.Dir(s.folder), ".lock-state-"+name))
	if err != nil {
		return s, err
	}
	defer unlock()
	if _, err := os.Stat(s.folder); err != nil {
		crds, err := readCRDs(box["crds"])
		if err != nil {
			return s, err
		}
		say("installing %d CRDs into %s, once (about 15 s)", len(crds), planeNames[name])
		if err := s.make(ctx, name, box, work, crds); err != nil {
			return s, err
		}
	}
	return s, s.readKinds()
}

func (s *snapshot) readKinds() error {
	text, err := os.ReadFile(filepath.Join(s.folder, snapshotKinds))
	for line := range strings.Lines(string(text)) {
		if apiVersion, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			s.kinds = append(s.kinds, kind{apiVersion, name})
		}
	}
	if err == nil && len(s.kinds) == 0 {
		err = fmt.Errorf("%s is broken; delete it", s.folder)
	}
	return err
}

func snapshotFolder(name string, box toolbox) string {
	sum := sha256.New()
	for _, tool := range []string{"etcd", "crds", planeNames[name]} {
		fmt.Fprintln(sum, filepath.Base(box[tool]))
	}
	for _, flag := range append(etcdFlags("", "", "", certificates{}), apiserverFlags("", "", "", 0, certificates{})...) {
		fmt.Fprintln(sum, flag)
	}
	key := hex.EncodeToString(sum.Sum(nil))[:16]
	return filepath.Join(filepath.Dir(box["etcd"]), "state-"+name+"-"+key)
}

func (s snapshot) make(ctx context.Context, name string, box toolbox, work string, crds []crd) error {
	p, err := startPlane(ctx, name, box, filepath.Join(work, name+"-first"), nil)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.client.install(ctx, crds); err != nil {
		return fmt.Errorf("kubernetes %s: %w", p.version, err)
	}
	p.client.close()
	p.apiserver.stop(stopPatience)
	p.etcd.stop(stopPatience)
	temporary, err := os.MkdirTemp(filepath.Dir(s.folder), ".new-state-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	if err := copyFolder(p.data, filepath.Join(temporary, snapshotData)); err != nil {
		return err
	}
	var kinds strings.Builder
	for _, crd := range crds {
		for _, k := range crd.kinds {
			fmt.Fprintln(&kinds, k)
		}
	}
	if err := os.WriteFile(filepath.Join(temporary, snapshotKinds), []byte(kinds.String()), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, s.folder)
}

// lockFile waits until no other rig holds the lock.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			file.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			file.Close()
			return nil, err
		}
	}
}

// copyFolder copies files and folders; etcd's spare files are left out.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, below)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o700)
		case strings.HasSuffix(path, ".tmp"):
			return nil
		default:
			return copySparse(path, target)
		}
	})
}

// copySparse copies a file and leaves holes for zeros: etcd's log is 64 MB of
// which little is written.
func copySparse(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	block, zeros := make([]byte, 64<<10), make([]byte, 64<<10)
	var size int64
	for {
		n, err := io.ReadFull(in, block)
		if n > 0 && !bytes.Equal(block[:n], zeros[:n]) {
			if _, err := out.WriteAt(block[:n], size); err != nil {
				return err
			}
		}
		size += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.Join(out.Truncate(size), out.Close())
		}
		if err != nil {
			return err
		}
	}
}
