//! Version 2: each row of the table of words, said in both versions.

mod beyond;
mod rows;
mod table;
mod usual;
