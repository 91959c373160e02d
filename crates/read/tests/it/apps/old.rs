//! Version 2: each row of the table of words, said in both versions.

mod beyond;
mod documented;
mod rows;
mod table;
mod usual;
