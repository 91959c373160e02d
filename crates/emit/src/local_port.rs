//! Ports on the developer's machine.

use std::collections::HashMap;

/// The first port that nobody needs a privilege to listen on.
const FIRST_FREE: u16 = 1024;

/// What is added to a privileged port: 80 is 8080, 443 is 8443.
const ABOVE: u16 = 8000;

/// The ports that are given away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ports {
    /// For a port that is taken one behind it, in front of which all are taken.
    behind: HashMap<u16, Option<u16>>,
}

impl Ports {
    /// A port for each that is wanted. Those that anybody may listen on are given
    /// first, so that 8080 is not taken by what stands in for 80.
    pub(crate) fn take_all(&mut self, wanted: &[u16]) -> Vec<Option<u16>> {
        let mut given = vec![None; wanted.len()];
        for is_privileged in [false, true] {
            let places = wanted.iter().zip(&mut given);
            for (port, given) in places.filter(|(port, _)| (**port < FIRST_FREE) == is_privileged) {
                *given = self.take(*port);
            }
        }
        given
    }

    /// The port, or the next that is not taken yet; a privileged one is one of those
    /// above 8000.
    pub(crate) fn take(&mut self, wanted: u16) -> Option<u16> {
        let from = match wanted < FIRST_FREE {
            true => wanted + ABOVE,
            false => wanted,
        };
        let mut passed = Vec::new();
        let mut at = Some(from);
        while let Some(port) = at
            && let Some(next) = self.behind.get(&port)
        {
            passed.push(port);
            at = *next;
        }
        let behind = at.and_then(|port| port.checked_add(1));
        self.behind
            .extend(passed.into_iter().chain(at).map(|port| (port, behind)));
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_that_are_taken_are_passed_over() {
        let mut taken = Ports::default();
        let mut next = |wanted| taken.take(wanted);
        assert_eq!(next(8080), Some(8080));
        assert_eq!(next(8080), Some(8081));
        assert_eq!(next(8080), Some(8082));
        assert_eq!(next(8081), Some(8083));
        assert_eq!(next(65535), Some(65535));
        assert_eq!(next(65535), None);
    }

    #[test]
    fn privileged_ports_give_way_to_what_anybody_may_listen_on() {
        let given = Ports::default().take_all(&[80, 443, 8080, 8081, 80]);
        let expected = [8082, 8443, 8080, 8081, 8083];
        assert_eq!(given, expected.map(Some));
    }
}
