//! (being built)
mod operations { 
    #![allow(missing_docs, dead_code)]
    type DateTime=String; type Duration=String;
    include!(concat!(env!("OUT_DIR"), "/operations.rs")); }
