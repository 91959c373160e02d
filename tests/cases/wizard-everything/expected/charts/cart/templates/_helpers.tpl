{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "cart.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "cart.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "cart.agent.labels" -}}
app: {{ include "cart.prefix" . }}agent
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: agent
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.agent.image.tag | quote }}
{{- end }}

{{- define "cart.cart.labels" -}}
app: {{ include "cart.prefix" . }}cart
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: cart
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.cart.image.tag | quote }}
{{- end }}

{{- define "cart.ledger.labels" -}}
app: {{ include "cart.prefix" . }}ledger
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: ledger
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.ledger.image.tag | quote }}
{{- end }}

{{- define "cart.load.labels" -}}
app: {{ include "cart.prefix" . }}load
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: load
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.load.image.tag | quote }}
{{- end }}

{{- define "cart.pg.labels" -}}
app: {{ include "cart.prefix" . }}pg
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: pg
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.pg.image.tag | quote }}
{{- end }}

{{- define "cart.rds.labels" -}}
app: {{ include "cart.prefix" . }}rds
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: rds
app.kubernetes.io/part-of: wizard-everything
{{- end }}

{{- define "cart.sweep.labels" -}}
app: {{ include "cart.prefix" . }}sweep
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: sweep
app.kubernetes.io/part-of: wizard-everything
app.kubernetes.io/version: {{ .Values.sweep.image.tag | quote }}
{{- end }}

{{- define "cart.cart.secretName" -}}
{{ .Values.cart.existingSecret | default (print (include "cart.prefix" .) "cart-secrets") }}
{{- end }}

{{- define "cart.pg.secretName" -}}
{{ .Values.pg.existingSecret | default (print (include "cart.prefix" .) "pg-secrets") }}
{{- end }}

{{- define "cart.rds.secretName" -}}
{{ .Values.rds.existingSecret | default (print (include "cart.prefix" .) "rds-secrets") }}
{{- end }}

{{- define "cart.pg.statefulSet.configHash" -}}
{{ list
  (ternary (print (print "POSTGRES_PASSWORD=" (.Values.pg.secrets.POSTGRES_PASSWORD | toString | sha256sum) "\n") | sha256sum) "" (not .Values.pg.existingSecret))
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}
