package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	startPatience = 3 * time.Minute // a loaded machine is slow, not broken
	startAttempts = 3               // another process may take a free port first
)

// plane is one running control plane: etcd and an API server with the CRDs.
type plane struct {
	version   string // as the server says it, without the leading v
	client    *client
	certs     certificates
	token     string
	data      string // etcd's folder
	etcd      *process
	apiserver *process
}

// planeNames are the values of --kube that name one server, and the tool that
// holds each.
var planeNames = map[string]string{"newest": "kube-newest", "oldest": "kube-oldest"}

// startPlane starts etcd, on a copy of the snapshot if there is one, and the
// API server of the given name below folder and waits until they answer.
// Whatever it started is stopped when it fails.
func startPlane(ctx context.Context, name string, box toolbox, folder string, from *snapshot) (*plane, error) {
	var err error
	for attempt := range startAttempts {
		var p *plane
		p, err = tryPlane(ctx, box.binary("etcd", "etcd"), box.binary(planeNames[name], "kube-apiserver"),
			fmt.Sprintf("%s-%d", folder, attempt), from)
		if err == nil {
			return p, nil
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "address already in use") {
			break
		}
	}
	return nil, fmt.Errorf("kubernetes (%s): %w", name, err)
}

// preparePlane starts a control plane that serves the CRDs.
func preparePlane(ctx context.Context, name string, box toolbox, work string) (*plane, catalogue, error) {
	state, err := prepareSnapshot(ctx, name, box, work)
	if err != nil {
		return nil, nil, err
	}
	p, err := startPlane(ctx, name, box, filepath.Join(work, name), &state)
	if err != nil {
		return nil, nil, err
	}
	served, err := p.client.await(ctx, state.kinds)
	if err != nil {
		p.stop()
		return nil, nil, fmt.Errorf("kubernetes %s: %w", p.version, err)
	}
	return p, served, nil
}

func tryPlane(ctx context.Context, etcd, apiserver, folder string, from *snapshot) (p *plane, err error) {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	p = &plane{token: randomToken(), data: filepath.Join(folder, "etcd")}
	if from != nil {
		if err := copyFolder(filepath.Join(from.folder, snapshotData), p.data); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	if p.certs, err = makeCertificates(folder); err != nil {
		return p, err
	}
	ports, err := freePorts(3)
	if err != nil {
		return p, err
	}
	storage := fmt.Sprintf("https://127.0.0.1:%d", ports[0])
	if p.etcd, err = startProcess("etcd", filepath.Join(folder, "etcd.log"), etcd,
		etcdFlags(folder, storage, fmt.Sprintf("http://127.0.0.1:%d", ports[1]), p.certs)...); err != nil {
		return p, err
	}
	if err := p.etcd.untilListening(ctx, ports[0]); err != nil {
		return p, err
	}
	tokens := filepath.Join(folder, "tokens.csv")
	if err := os.WriteFile(tokens, []byte(p.token+",admin,admin,\"system:masters\"\n"), 0o600); err != nil {
		return p, err
	}
	if p.apiserver, err = startProcess("kube-apiserver", filepath.Join(folder, "kube-apiserver.log"), apiserver,
		apiserverFlags(folder, storage, tokens, ports[2], p.certs)...); err != nil {
		return p, err
	}
	p.client = newClient(fmt.Sprintf("https://127.0.0.1:%d", ports[2]), p.token, p.certs.pool)
	if err := p.untilReady(ctx); err != nil {
		return p, err
	}
	p.version, err = p.client.serverVersion(ctx)
	return p, err
}

func etcdFlags(folder, clients, peers string, certs certificates) []string {
	return []string{
		"--name=rig",
		"--data-dir=" + filepath.Join(folder, "etcd"),
		"--listen-client-urls=" + clients,
		"--advertise-client-urls=" + clients,
		"--listen-peer-urls=" + peers,
		"--initial-advertise-peer-urls=" + peers,
		"--initial-cluster=rig=" + peers,
		"--cert-file=" + certs.pair,
		"--key-file=" + certs.key,
		"--trusted-ca-file=" + certs.authority,
		"--client-cert-auth",
		"--unsafe-no-fsync", // the data does not outlive the run
		"--log-level=warn",
	}
}

func apiserverFlags(folder, storage, tokens string, port int, certs certificates) []string {
	return []string{
		"--etcd-servers=" + storage,
		"--etcd-cafile=" + certs.authority,
		"--etcd-certfile=" + certs.pair,
		"--etcd-keyfile=" + certs.key,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--cert-dir=" + filepath.Join(folder, "own-certs"),
		"--tls-cert-file=" + certs.pair,
		"--tls-private-key-file=" + certs.key,
		"--token-auth-file=" + tokens,
		"--anonymous-auth=false",
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + certs.serviceAccountKey,
		"--service-account-signing-key-file=" + certs.serviceAccountKey,
		"--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112", // dual stack: all ipFamilyPolicy values work
		"--endpoint-reconciler-type=none",
		"--allow-privileged=true",
		// No controller makes the accounts that pods would run under.
		"--disable-admission-plugins=ServiceAccount",
	}
}

func (p *plane) untilReady(ctx context.Context) error {
	deadline := time.Now().Add(startPatience)
	for time.Now().Before(deadline) {
		if p.apiserver.ended() {
			return p.apiserver.failure()
		}
		if p.etcd.ended() {
			return p.etcd.failure()
		}
		if p.client.ready(ctx) {
			return nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("kube-apiserver did not become ready in time")
}

// stop ends both servers, the API server first. It is safe on a plane that was
// only partly started.
func (p *plane) stop() {
	if p == nil {
		return
	}
	if p.client != nil {
		p.client.close()
	}
	p.apiserver.stop(200 * time.Millisecond)
	p.etcd.stop(200 * time.Millisecond)
}

// untilListening waits until something answers on the port.
func (p *process) untilListening(ctx context.Context, port int) error {
	deadline := time.Now().Add(startPatience)
	for time.Now().Before(deadline) {
		if p.ended() {
			return p.failure()
		}
		connection, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
		if err == nil {
			connection.Close()
			return nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s does not listen on port %d", p.name, port)
}

// freePorts are loopback ports that were free a moment ago.
func freePorts(count int) ([]int, error) {
	var ports []int
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func randomToken() string {
	token := make([]byte, 16)
	rand.Read(token)
	return hex.EncodeToString(token)
}

// kubeconfig is a file for kubectl and friends that reaches this plane.
func (p *plane) kubeconfig() (string, error) {
	authority, err := os.ReadFile(p.certs.authority)
	return fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: rig
clusters:
  - name: rig
    cluster:
      server: %s
      certificate-authority-data: %s
users:
  - name: admin
    user:
      token: %s
contexts:
  - name: rig
    context:
      cluster: rig
      user: admin
`, p.client.base, base64.StdEncoding.EncodeToString(authority), p.token), err
}

// pause sleeps unless the run is stopped.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
