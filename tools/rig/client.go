package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// concurrency is how many requests one server is asked at a time.
	concurrency    = 8
	requestTimeout = 60 * time.Second
	attempts       = 6
	fieldManager   = "kubewright"
	typeJSON       = "application/json"
	typeApply      = "application/apply-patch+yaml"
)

// client talks to one API server over a few kept connections.
type client struct {
	base  string
	token string
	http  *http.Client
	turns chan struct{}
}

// answer is what the server said to one request.
type answer struct {
	status   int
	body     []byte
	warnings []string
}

func newClient(base, token string, authority *x509.CertPool) *client {
	return &client{
		base:  base,
		token: token,
		turns: make(chan struct{}, concurrency),
		http: &http.Client{
			Timeout: requestTimeout,
			Transport: &http.Transport{
				TLSClientConfig:     &tls.Config{RootCAs: authority, MinVersion: tls.VersionTLS13},
				MaxIdleConnsPerHost: concurrency,
				MaxConnsPerHost:     concurrency,
			},
		},
	}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// send makes a request and repeats it when the server is briefly not able to
// answer (429, 502 to 504, a broken connection). All requests are idempotent.
func (c *client) send(ctx context.Context, method, path, contentType string, body []byte) (answer, error) {
	c.turns <- struct{}{}
	defer func() { <-c.turns }()
	var got answer
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			if err := pause(ctx, 50*time.Millisecond<<attempt); err != nil {
				return answer{}, err
			}
		}
		got, err = c.once(ctx, method, path, contentType, body)
		if ctx.Err() != nil {
			return answer{}, context.Cause(ctx)
		}
		if err == nil && !got.passing() {
			return got, nil
		}
	}
	return got, err
}

// passing says whether the same request may well succeed in a moment.
func (a answer) passing() bool {
	switch a.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

func (c *client) once(ctx context.Context, method, path, contentType string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Accept", typeJSON)
	request.Header.Set("User-Agent", "kubewright-rig")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if method == http.MethodGet && (path == "/api" || path == "/apis") {
		request.Header.Set("Accept", typeDiscovery)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{status: response.StatusCode, body: text, warnings: warnings(response.Header)}, err
}

// apply is a server-side apply of one object, as a strict dry run or for real.
func (c *client) apply(ctx context.Context, path string, body []byte, dryRun bool) (answer, error) {
	query := url.Values{"fieldManager": {fieldManager}, "fieldValidation": {"Strict"}, "force": {"true"}}
	if dryRun {
		query.Set("dryRun", "All")
	}
	return c.send(ctx, http.MethodPatch, path+"?"+query.Encode(), typeApply, body)
}

func (a answer) accepted() bool { return a.status >= 200 && a.status < 300 }

// message is the server's own sentence about a request it did not accept.
func (a answer) message() string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(a.body, &status) == nil && status.Message != "" {
		return status.Message
	}
	return fmt.Sprintf("%d %s %s", a.status, http.StatusText(a.status), bytes.TrimSpace(a.body))
}

// warnings are the texts of the Warning headers, written `299 - "text"`.
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/
func warnings(header http.Header) []string {
	var texts []string
	for _, value := range header.Values("Warning") {
		_, text, found := strings.Cut(value, " - ")
		if !found {
			text = value
		}
		text = strings.TrimSpace(text)
		if unquoted, err := strconv.Unquote(text); err == nil {
			text = unquoted
		}
		texts = append(texts, text)
	}
	return texts
}

func (c *client) ready(ctx context.Context) bool {
	got, err := c.once(ctx, http.MethodGet, "/readyz", "", nil)
	return err == nil && got.status == http.StatusOK
}

func (c *client) serverVersion(ctx context.Context) (string, error) {
	got, err := c.send(ctx, http.MethodGet, "/version", "", nil)
	if err != nil {
		return "", err
	}
	var version struct {
		GitVersion string `json:"gitVersion"`
	}
	err = json.Unmarshal(got.body, &version)
	return strings.TrimPrefix(version.GitVersion, "v"), err
}
