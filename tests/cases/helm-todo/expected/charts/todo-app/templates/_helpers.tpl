{{/*
What the names of all objects begin with: nothing, or `nameOverride` and a dash, so that
two releases in one namespace have nothing in common.
*/}}
{{- define "todo-app.prefix" -}}
{{- with .Values.nameOverride }}{{ . }}-{{ end -}}
{{- end }}

{{/*
The name of an image, of its parts and the registry for all images.
*/}}
{{- define "todo-app.image" -}}
{{- with .global.imageRegistry | default .image.registry }}{{ . }}/{{ end -}}
{{ .image.repository }}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "todo-app.backend.labels" -}}
app: {{ include "todo-app.prefix" . }}backend
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: backend
app.kubernetes.io/part-of: todo-app
app.kubernetes.io/version: {{ .Values.backend.image.tag | quote }}
{{- end }}

{{- define "todo-app.frontend.labels" -}}
app: {{ include "todo-app.prefix" . }}frontend
app.kubernetes.io/managed-by: kubewright
app.kubernetes.io/name: frontend
app.kubernetes.io/part-of: todo-app
app.kubernetes.io/version: {{ .Values.frontend.image.tag | quote }}
{{- end }}

{{- define "todo-app.backend.secretName" -}}
{{ .Values.backend.existingSecret | default (print (include "todo-app.prefix" .) "backend-secrets") }}
{{- end }}

{{- define "todo-app.backend.deployment.configHash" -}}
{{ list
  (print (print "ENVIRONMENT=" (.Values.backend.env.ENVIRONMENT | toString | sha256sum) "\n") | sha256sum)
  (ternary (print (print "BETTER_AUTH_SECRET=" (.Values.backend.secrets.BETTER_AUTH_SECRET | toString | sha256sum) "\n") (print "COHERE_API_KEY=" (.Values.backend.secrets.COHERE_API_KEY | toString | sha256sum) "\n") (print "DATABASE_URL=" (.Values.backend.secrets.DATABASE_URL | toString | sha256sum) "\n") | sha256sum) "" (not .Values.backend.existingSecret))
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}

{{- define "todo-app.frontend.deployment.configHash" -}}
{{ list
  (print (print "API_URL=" ((.Values.frontend.env.API_URL | default (print "http://" (include "todo-app.prefix" .) "backend:8000")) | toString | sha256sum) "\n") (print "ENVIRONMENT=" (.Values.frontend.env.ENVIRONMENT | toString | sha256sum) "\n") | sha256sum)
  | sortAlpha | join "" | sha256sum | trunc 8 }}
{{- end }}
