package main

import (
	"context"
	"fmt"
	"strings"
)

// selfCheckNamespace is where the self-check's objects go.
const selfCheckNamespace = "rig-self-check"

// goodDeployment is accepted by every version; each bad one differs from it in
// one thing.
const goodDeployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: good
spec:
  replicas: 1
  selector:
    matchLabels: {app: good}
  template:
    metadata:
      labels: {app: good}
    spec:
      containers:
        - name: web
          image: nginx:1.29
`

const goodScaledObject = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: good
spec:
  scaleTargetRef: {name: good}
  triggers:
    - type: cron
      metadata: {timezone: UTC, start: 0 8 * * *, end: 0 18 * * *, desiredReplicas: "2"}
`

// selfCheckCase is an object and what the server must say to it; an empty
// refusal means that it must be accepted.
type selfCheckCase struct {
	about   string
	text    string
	refusal string
}

func selfCheckCases() []selfCheckCase {
	deployment := func(old, new string) string { return strings.Replace(goodDeployment, old, new, 1) }
	return []selfCheckCase{
		{"a good Deployment", goodDeployment, ""},
		{"a good ScaledObject", goodScaledObject, ""},
		{"an unknown field", deployment("replicas: 1", "replicaCount: 1"), "replicaCount"},
		{"an unknown field in a container", deployment("image: nginx:1.29", "image: nginx:1.29\n          imagePolicy: Always"), "imagePolicy"},
		{"a string for a number", deployment("replicas: 1", `replicas: "1"`), "replicas"},
		{"an invalid name", deployment("name: good", "name: Not_Good"), "Not_Good"},
		{"a selector that does not match the template's labels", deployment("labels: {app: good}", "labels: {app: other}"), "selector"},
		{"a duplicate key", deployment("replicas: 1", "replicas: 1\n  replicas: 2"), "replicas"},
		{"an unknown field in a custom resource", strings.Replace(goodScaledObject, "triggers:", "cooldown: 5\n  triggers:", 1), "cooldown"},
		{"a string for a number in a custom resource", strings.Replace(goodScaledObject, "triggers:", "cooldownPeriod: long\n  triggers:", 1), "cooldownPeriod"},
	}
}

// selfCheck proves that this server and the rig's way of asking it tell good
// objects from bad ones. Its error names the first thing that went wrong.
func (p *plane) selfCheck(ctx context.Context, served catalogue) error {
	if err := p.client.ensureNamespace(ctx, selfCheckNamespace); err != nil {
		return err
	}
	cases := selfCheckCases()
	failures := make([]error, len(cases))
	inParallel(len(cases), func(i int) { failures[i] = p.client.tryCase(ctx, cases[i], served) })
	for _, err := range failures {
		if err != nil {
			return fmt.Errorf("self-check of %s: %w", p.version, err)
		}
	}
	return nil
}

func (c *client) tryCase(ctx context.Context, test selfCheckCase, served catalogue) error {
	// The documents are parsed by the server alone: one of them is not strict YAML.
	k, name := kind{"apps/v1", "Deployment"}, "good"
	if strings.Contains(test.text, "kind: ScaledObject") {
		k = kind{"keda.sh/v1alpha1", "ScaledObject"}
	}
	if strings.Contains(test.text, "name: Not_Good") {
		name = "Not_Good"
	}
	path := served[k].path(selfCheckNamespace, name)
	for _, dryRun := range []bool{true, false} {
		got, err := c.apply(ctx, path, []byte(test.text), dryRun)
		switch {
		case err != nil:
			return err
		case test.refusal == "" && !got.accepted():
			return fmt.Errorf("%s was refused: %s", test.about, got.message())
		case test.refusal != "" && got.accepted():
			return fmt.Errorf("%s was accepted", test.about)
		case test.refusal != "" && !strings.Contains(got.message(), test.refusal):
			return fmt.Errorf("%s was refused for another reason: %s", test.about, got.message())
		}
	}
	return nil
}
