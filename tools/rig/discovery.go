package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// typeDiscovery asks for all groups in one document.
// https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
const typeDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

// kind names a type as an object does.
type kind struct{ apiVersion, kind string }

func (k kind) String() string { return k.apiVersion + " " + k.kind }

// resource is where objects of a kind live.
type resource struct {
	root       string // /api/v1 or /apis/GROUP/VERSION
	plural     string
	namespaced bool
}

// catalogue is what a server serves.
type catalogue map[kind]resource

// path is the URL path of one object; namespace counts for namespaced kinds.
func (r resource) path(namespace, name string) string {
	if r.namespaced {
		return r.root + "/namespaces/" + url.PathEscape(namespace) + "/" + r.plural + "/" + url.PathEscape(name)
	}
	return r.root + "/" + r.plural + "/" + url.PathEscape(name)
}

func (c *client) discover(ctx context.Context) (catalogue, error) {
	found := catalogue{}
	for _, root := range []string{"/api", "/apis"} {
		got, err := c.send(ctx, http.MethodGet, root, "", nil)
		if err != nil {
			return nil, err
		}
		if !got.accepted() {
			return nil, fmt.Errorf("discovery at %s: %s", root, got.message())
		}
		if err := found.add(root, got.body); err != nil {
			return nil, fmt.Errorf("discovery at %s: %w", root, err)
		}
	}
	return found, nil
}

func (found catalogue) add(root string, document []byte) error {
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Versions []struct {
				Version   string
				Resources []struct {
					Resource     string
					Scope        string
					ResponseKind *struct{ Kind string }
				}
			}
		}
	}
	if err := json.Unmarshal(document, &list); err != nil {
		return err
	}
	for _, group := range list.Items {
		for _, version := range group.Versions {
			apiVersion := version.Version
			if group.Metadata.Name != "" {
				apiVersion = group.Metadata.Name + "/" + version.Version
			}
			for _, r := range version.Resources {
				if r.ResponseKind == nil {
					continue
				}
				found[kind{apiVersion, r.ResponseKind.Kind}] = resource{
					root:       root + "/" + apiVersion,
					plural:     r.Resource,
					namespaced: r.Scope == "Namespaced",
				}
			}
		}
	}
	return nil
}

// await discovers until all the kinds are served.
func (c *client) await(ctx context.Context, kinds []kind) (catalogue, error) {
	deadline := time.Now().Add(startPatience)
	for {
		found, err := c.discover(ctx)
		if err != nil {
			return nil, err
		}
		missing, absent := found.lacks(kinds)
		if !absent {
			return found, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("the server does not serve %s although its CRD was accepted", missing)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func (found catalogue) lacks(kinds []kind) (kind, bool) {
	for _, k := range kinds {
		if _, ok := found[k]; !ok {
			return k, true
		}
	}
	return kind{}, false
}
