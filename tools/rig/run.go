package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// parallelJobs is how many folders are in work on one server at a time.
const parallelJobs = 2 * concurrency

// wave orders kinds within a folder.
type wave int

const (
	// first: other objects need these to exist.
	first wave = iota
	middle
	// last: once there, these hold back other objects (no controller runs that
	// would fill in a quota's state).
	last
	// never: applied for real these would judge the other folders' objects too,
	// so the dry run has to do.
	never
)

// waves are the kinds outside the middle. Groups are left out: no two have one
// of these kinds.
var waves = map[string]wave{
	"Namespace": first, "CustomResourceDefinition": first, "PriorityClass": first, "RuntimeClass": first, "StorageClass": first,
	"ResourceQuota": last, "LimitRange": last,
	"APIService": never, "ValidatingWebhookConfiguration": never, "MutatingWebhookConfiguration": never,
	"ValidatingAdmissionPolicyBinding": never, "MutatingAdmissionPolicyBinding": never,
	"ValidatingAdmissionPolicy": never, "MutatingAdmissionPolicy": never,
}

func waveOf(o *object) wave {
	if w, special := waves[o.kind.kind]; special {
		return w
	}
	return middle
}

// run sends every job's objects and returns a finding for each object, in the
// order of the plan.
//
// # Errors
//
// A server that cannot be asked has refused nothing: then there are no
// findings but an error.
func (p *plane) run(ctx context.Context, plan []*job, served catalogue, apply bool) ([]finding, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	results := make([][]finding, len(plan))
	turns := make(chan struct{}, parallelJobs)
	var all sync.WaitGroup
	// A job that must wait for another must not hold a turn while it waits.
	for _, j := range plan {
		all.Go(func() {
			for _, lock := range j.locks {
				lock.Lock()
				defer lock.Unlock()
			}
			turns <- struct{}{}
			defer func() { <-turns }()
			r := &runner{client: p.client, job: j, served: served, apply: apply, fail: fail}
			results[j.index] = r.run(ctx)
		})
	}
	all.Wait()
	if p.apiserver.ended() {
		return nil, p.apiserver.failure()
	}
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("kubernetes %s: %w", p.version, err)
	}
	var findings []finding
	for _, r := range results {
		findings = append(findings, r...)
	}
	return findings, nil
}

// runner works through one folder on one server.
type runner struct {
	client   *client
	job      *job
	served   catalogue
	apply    bool
	fail     context.CancelCauseFunc // ends the whole run
	findings []finding
	applied  []string // paths, of objects really made; guarded by mutex
	mutex    sync.Mutex
}

func (r *runner) run(ctx context.Context) []finding {
	r.findings = make([]finding, len(r.job.objects))
	for i, o := range r.job.objects {
		r.findings[i].object = o
	}
	absent := r.makeNamespaces(ctx)
	defer r.tidyUp(ctx)

	// What others need is really made even when only a dry run was asked for.
	r.each(first, func(f *finding) { r.try(ctx, f, absent, true) })
	r.each(first, func(f *finding) { r.try(ctx, f, absent, false) })
	r.learnNewKinds(ctx)
	for w := middle; w <= never; w++ {
		r.each(w, func(f *finding) { r.try(ctx, f, absent, true) })
	}
	if r.apply {
		r.each(middle, func(f *finding) { r.try(ctx, f, absent, false) })
		r.each(last, func(f *finding) { r.try(ctx, f, absent, false) })
	}
	return r.findings
}

// each calls do for the objects of a wave that were not refused so far.
func (r *runner) each(w wave, do func(*finding)) {
	var all sync.WaitGroup
	for i := range r.findings {
		f := &r.findings[i]
		if waveOf(f.object) != w || f.refusal != "" {
			continue
		}
		all.Go(func() { do(f) })
	}
	all.Wait()
}

// try sends one object and notes a refusal and warnings.
func (r *runner) try(ctx context.Context, f *finding, absent map[string]string, dryRun bool) {
	o := f.object
	f.step = "apply"
	if dryRun {
		f.step = "dry run"
	}
	resource, known := r.served[o.kind]
	if !known {
		f.refusal = fmt.Sprintf("it does not serve %s", o.kind)
		return
	}
	namespace := r.namespaceOf(o, resource)
	if why, bad := absent[namespace]; bad && resource.namespaced {
		f.refusal = why
		return
	}
	path := resource.path(namespace, o.name)
	got, err := r.client.apply(ctx, path, o.body, dryRun)
	switch {
	case err != nil:
		r.fail(err)
		return
	case !got.accepted():
		f.refusal = got.message()
	case !dryRun:
		r.note(path)
	}
	f.addWarnings(got.warnings)
}

func (f *finding) addWarnings(texts []string) {
	for _, text := range texts {
		known := false
		for _, have := range f.warnings {
			known = known || have == text
		}
		if !known {
			f.warnings = append(f.warnings, text)
		}
	}
}

func (r *runner) namespaceOf(o *object, resource resource) string {
	if !resource.namespaced {
		return ""
	}
	if o.namespace != "" {
		return o.namespace
	}
	return r.job.namespace
}

func (r *runner) note(path string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.applied = append(r.applied, path)
}

// makeNamespaces returns why a namespace could not be made, by its name.
func (r *runner) makeNamespaces(ctx context.Context) map[string]string {
	absent := map[string]string{}
	for _, name := range append([]string{r.job.namespace}, r.job.namespaces...) {
		if err := r.client.ensureNamespace(ctx, name); err != nil {
			absent[name] = err.Error()
		}
	}
	return absent
}

// ensureNamespace makes the namespace, or takes it back to how it was made.
func (c *client) ensureNamespace(ctx context.Context, name string) error {
	body := "{apiVersion: v1, kind: Namespace, metadata: {name: " + strconv.Quote(name) + "}}"
	got, err := c.apply(ctx, "/api/v1/namespaces/"+url.PathEscape(name), []byte(body), false)
	if err == nil && !got.accepted() {
		err = fmt.Errorf("its namespace could not be made: %s", got.message())
	}
	return err
}

// learnNewKinds waits for the kinds that the folder itself defines.
func (r *runner) learnNewKinds(ctx context.Context) {
	var kinds []kind
	for _, f := range r.findings {
		if f.object.crd != nil && f.refusal == "" {
			kinds = append(kinds, f.object.crd.kinds...)
		}
	}
	if len(kinds) == 0 {
		return
	}
	// On an error the objects of those kinds are refused as not served.
	if served, err := r.client.await(ctx, kinds); err == nil {
		r.served = served
	}
}

// tidyUp removes the job's objects when another job wants the same places.
// Namespaces and CRDs stay: nothing runs that could finish their removal.
func (r *runner) tidyUp(ctx context.Context) {
	if len(r.job.locks) == 0 {
		return
	}
	inParallel(len(r.applied), func(i int) {
		path := r.applied[i]
		if !removable(path) {
			return
		}
		options := []byte(`{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Background"}`)
		got, err := r.client.send(ctx, http.MethodDelete, path, typeJSON, options)
		if err == nil && bytes.Contains(got.body, []byte(`"finalizers"`)) {
			r.client.send(ctx, http.MethodPatch, path, "application/merge-patch+json", []byte(`{"metadata":{"finalizers":null}}`))
		}
	})
}

func removable(path string) bool {
	return !strings.HasPrefix(path, crdsPath) && (!strings.HasPrefix(path, "/api/v1/namespaces/") || strings.Count(path, "/") > 4)
}
