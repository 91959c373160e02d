{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "notes.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "notes.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "notes.postgres.labels" -}}
app: {{ include "notes.prefix" . }}postgres
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: postgres
app.kubernetes.io/part-of: notes
app.kubernetes.io/version: {{ .Values.postgres.image.tag | quote }}
{{- end }}

{{- define "notes.report.labels" -}}
app: {{ include "notes.prefix" . }}report
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: report
app.kubernetes.io/part-of: notes
app.kubernetes.io/version: {{ .Values.report.image.tag | quote }}
{{- end }}

{{- define "notes.web.labels" -}}
app: {{ include "notes.prefix" . }}web
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: web
app.kubernetes.io/part-of: notes
app.kubernetes.io/version: {{ .Values.web.image.tag | quote }}
{{- end }}

{{- define "notes.postgres.secretName" -}}
{{ .Values.postgres.existingSecret | default (print (include "notes.prefix" .) "postgres-secrets") }}
{{- end }}

{{- define "notes.web.secretName" -}}
{{ .Values.web.existingSecret | default (print (include "notes.prefix" .) "web-secrets") }}
{{- end }}

{{- define "notes.postgres.statefulSet.configHash" -}}
{{ list
  (ternary (print (print "POSTGRES_PASSWORD=" (.Values.postgres.secrets.POSTGRES_PASSWORD | toString | sha256sum) "\n") | sha256sum) "" (not .Values.postgres.existingSecret))
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}

{{- define "notes.web.deployment.configHash" -}}
{{ list
  (print (print "DATABASE=" (.Values.web.env.DATABASE | toString | sha256sum) "\n") (print "TEXT=" (.Values.web.env.TEXT | toString | sha256sum) "\n") | sha256sum)
  (ternary (print (print "DATABASE_PASSWORD=" (.Values.web.secrets.DATABASE_PASSWORD | toString | sha256sum) "\n") | sha256sum) "" (not .Values.web.existingSecret))
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}
