/// How a run ended (`cli.md`): the exit code of the command, and `exit` in the
/// results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// There are findings or differences.
    Findings = 1,
    /// The input or the usage is wrong.
    Input = 2,
    /// The environment failed: disk, permissions.
    Environment = 3,
    /// The user stopped it: 128 and the number of SIGINT, as shells count.
    Interrupted = 130,
}
