//! Headers that `curl` and `wget` are told to send.

/// A header that a kubelet can send, too.
pub(super) struct Header {
    name: String,
    pub(super) value: String,
}

impl Header {
    /// `Name: value`; none where it is another form, such as `Name:`, which takes a
    /// header away, or `@file`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        Self::new(name.trim(), value.trim())
    }

    /// None where the API server refuses the name, or there is no value.
    /// <https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#httpheader-v1-core>
    pub(super) fn new(name: &str, value: &str) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let is_good = !name.is_empty()
            && name.chars().all(is_name)
            && !value.is_empty()
            && !value.contains(char::is_control);
        is_good.then(|| Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }

    pub(super) fn is_host(&self) -> bool {
        self.name.eq_ignore_ascii_case("host")
    }

    /// Whether it says who asks: a pod's specification is no place for that.
    pub(super) fn is_secret(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let words = ["auth", "token", "key", "secret", "password", "cookie"];
        words.iter().any(|word| name.contains(word))
    }

    pub(super) fn into_pair(self) -> (String, String) {
        (self.name, self.value)
    }
}
