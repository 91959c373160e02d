package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificates are the files of one control plane's own authority.
type certificates struct {
	authority         string // certificate of the authority
	pair, key         string // for both servers and for the API server as etcd's client
	serviceAccountKey string
	pool              *x509.CertPool
}

func makeCertificates(folder string) (certificates, error) {
	c := certificates{
		authority:         filepath.Join(folder, "authority.crt"),
		pair:              filepath.Join(folder, "server.crt"),
		key:               filepath.Join(folder, "server.key"),
		serviceAccountKey: filepath.Join(folder, "service-account.key"),
		pool:              x509.NewCertPool(),
	}
	authority := template(1, "kubewright-rig-authority")
	authority.IsCA = true
	authority.BasicConstraintsValid = true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	server := template(2, "kubewright-rig")
	server.DNSNames = []string{"localhost"}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	server.KeyUsage = x509.KeyUsageDigitalSignature
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	accountKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	if err := writeCertificate(c.authority, authority, authority, authorityKey, authorityKey); err != nil {
		return c, err
	}
	if err := writeCertificate(c.pair, server, authority, serverKey, authorityKey); err != nil {
		return c, err
	}
	if err := writeKey(c.key, serverKey); err != nil {
		return c, err
	}
	if err := writeKey(c.serviceAccountKey, accountKey); err != nil {
		return c, err
	}
	pem, err := os.ReadFile(c.authority)
	c.pool.AppendCertsFromPEM(pem)
	return c, err
}

func template(serial int64, name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(30 * 24 * time.Hour),
	}
}

func writeCertificate(path string, cert, signer *x509.Certificate, key, signerKey *ecdsa.PrivateKey) error {
	der, err := x509.CreateCertificate(rand.Reader, cert, signer, &key.PublicKey, signerKey)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}
