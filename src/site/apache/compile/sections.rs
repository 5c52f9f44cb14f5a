//! Sections in sections, and what a section may do.

use std::sync::Arc;

use super::{Checked, Place, compile, set, wrong};
use crate::site::apache::expr::Expr;
use crate::site::apache::modules::class;
use crate::site::apache::pattern::{Pattern, is_glob};
use crate::site::apache::settings::{If, Matches, Override, Section, Settings, option};
use crate::site::apache::text;
use crate::site::apache::tree::Node;

pub(super) fn apply(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<()> {
    match &*node.name {
        "files" | "filesmatch" => {
            let section = section(node, place, node.name == "filesmatch", &|name| {
                name.to_owned()
            })?;
            settings.files.push(Arc::new(section));
        }
        "if" | "elseif" | "else" => settings.ifs.push(Arc::new(condition(node, place)?)),
        "options" => options(node, place, settings)?,
        "allowoverride" => allow_override(node, settings)?,
        "allowoverridelist" => {
            let words = node
                .words()
                .into_iter()
                .map(|word| word.to_ascii_lowercase());
            settings.override_list = Some(Arc::new(words.filter(|word| word != "none").collect()));
        }
        "error" => return Err(node.args.clone()),
        _ => {}
    }
    Ok(())
}

/// `<Files ~ "x">`, `<FilesMatch x>`, and the same for directories and locations. `named` shapes a plain name.
pub(in crate::site::apache) fn section(
    node: &Node,
    place: &Place<'_>,
    is_pattern: bool,
    named: &dyn Fn(&str) -> String,
) -> Checked<Section> {
    let (mut name, rest) = text::word(&node.args).ok_or("needs an argument")?;
    let is_tilde = name == "~";
    if is_tilde {
        name = text::word(rest).ok_or("needs an argument")?.0;
    }
    let matches = if is_pattern || is_tilde {
        Matches::Pattern(Pattern::new(&name, false))
    } else {
        name = named(&name);
        if is_glob(&name) {
            Matches::Glob(name.clone())
        } else {
            Matches::Name(name.clone())
        }
    };
    if place.depth > super::MAX_DEPTH {
        return Err("too deep".to_owned());
    }
    let mut settings = compile(&node.children, &place.within(name))?;
    settings.access_in = Some(node.reason());
    Ok(Section { matches, settings })
}

fn condition(node: &Node, place: &Place<'_>) -> Checked<If> {
    if place.depth > super::MAX_DEPTH {
        return Err("too deep".to_owned());
    }
    let condition = (node.name != "else").then(|| {
        let source = text::word(&node.args).map_or_else(String::new, |(source, rest)| {
            if rest.is_empty() {
                source
            } else {
                node.args.clone()
            }
        });
        Expr::new(&source)
    });
    let mut settings = compile(&node.children, &place.within("*If".to_owned()))?;
    if condition.as_ref().is_some_and(|expr| !expr.is_understood()) {
        super::doubt(
            &mut settings,
            node,
            format!("whether `{}` holds", node.args),
        );
    }
    Ok(If {
        condition,
        is_else: node.name != "if",
        settings,
        why: node.reason(),
    })
}

fn option_bits(name: &str) -> Option<u8> {
    Some(match name {
        "indexes" => option::INDEXES,
        "followsymlinks" => option::FOLLOW,
        "symlinksifownermatch" => option::OWNER,
        "execcgi" => option::EXEC_CGI,
        "multiviews" => option::MULTI_VIEWS,
        "includes" | "includesnoexec" => option::INCLUDES,
        "all" => option::ALL,
        "none" => 0,
        _ => return None,
    })
}

fn options(node: &Node, place: &Place<'_>, settings: &mut Settings) -> Checked<()> {
    let allowed = place
        .allowed
        .as_ref()
        .map_or(u8::MAX, |(allowed, _)| allowed.options);
    let kept = &mut settings.options;
    let mut is_first = true;
    for word in node.words() {
        let sign = word.chars().next().filter(|sign| "+-".contains(*sign));
        let name = word.trim_start_matches(['+', '-']).to_ascii_lowercase();
        let bits = option_bits(&name).ok_or_else(|| format!("Illegal option {word}"))?;
        if bits & !allowed != 0 {
            return Err(format!("Option {word} not allowed here"));
        }
        match sign {
            Some('+') => {
                kept.add |= bits;
                kept.remove &= !bits;
            }
            Some(_) => {
                kept.remove |= bits;
                kept.add &= !bits;
            }
            None => {
                if is_first {
                    kept.set = Some(0);
                    kept.add = 0;
                    kept.remove = 0;
                }
                kept.set = Some(kept.set.unwrap_or(0) | bits);
            }
        }
        if let Some(all) = &mut kept.set {
            *all = (*all & !kept.remove) | kept.add;
        }
        is_first = is_first && sign.is_none() && name == "none";
        if sign.is_none() {
            is_first = false;
        }
    }
    settings.options_why = Some(node.reason());
    Ok(())
}

fn allow_override(node: &Node, settings: &mut Settings) -> Checked<()> {
    let mut value = Override {
        classes: class::NONE,
        options: u8::MAX,
        is_lenient: false,
    };
    for word in node.words() {
        let lower = word.to_ascii_lowercase();
        let (name, list) = match lower.split_once('=') {
            Some((name, list)) => (name, Some(list)),
            None => (&*lower, None),
        };
        match name {
            "none" => value.classes = class::NONE,
            "all" => value.classes = class::ALL,
            "authconfig" => value.classes |= class::AUTH_CONFIG,
            "fileinfo" => value.classes |= class::FILE_INFO,
            "indexes" => value.classes |= class::INDEXES,
            "limit" => value.classes |= class::LIMIT,
            "options" => {
                value.classes |= class::OPTIONS;
                if let Some(list) = list {
                    let bits = list.split(',').filter_map(option_bits);
                    value.options = bits.fold(0, |all, bits| all | bits);
                }
            }
            "nonfatal" => {
                value.is_lenient = true;
            }
            _ => return Err(wrong(node, "Illegal override option")),
        }
    }
    settings.allow_override = set(node, value);
    Ok(())
}
