//! C#: the static files of ASP.NET Core from a directory that the program names.
//!
//! None was measured here. That files without a known type are not sent, and that names that start with a dot are left
//! out, is documented (<https://learn.microsoft.com/aspnet/core/fundamentals/static-files>,
//! <https://learn.microsoft.com/dotnet/api/microsoft.extensions.fileproviders.physical.exclusionfilters>); the latter is
//! asked of the file's own name alone (<https://github.com/dotnet/runtime/issues/107299>).

use super::super::super::lex::code::{Call, Code, Language};
use super::super::super::lex::js::Expr;
use super::super::super::simple::{Dots, Manner};
use super::super::super::want::Want;
use super::tongue::{Tongue, named};
use super::{Program, Root};

pub(super) const WANTS: &[Want] = &Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES);

const ENDS: &[&str] = &[".cs"];

const NEEDLES: &[&str] = &["physicalfileprovider"];

pub(super) static TONGUE: Tongue = Tongue {
    language: Language::CSharp,
    ends: ENDS,
    needles: NEEDLES,
    markers: &["appsettings.json", "Program.cs", "Startup.cs", "web.config"],
    is_test: |name| name.ends_with("Tests.cs") || name.ends_with("Test.cs"),
    read,
};

const ALL: Manner =
    Manner::sending("an option sends files whose names start with a dot, and of any type");
const UNKNOWN_TYPES: Manner = Manner {
    dots: Dots::OwnName,
    ..Manner::sending(
        "PhysicalFileProvider leaves out files whose own names start with a dot, but not what lies in such directories \
         (documented)",
    )
};
const KNOWN_TYPES: Manner = Manner {
    only: Some(KNOWN),
    ..UNKNOWN_TYPES
};
const LIST: Manner = Manner {
    only: Some(""),
    ..UNKNOWN_TYPES
}
.listing(true);

/// Endings of the types that `FileExtensionContentTypeProvider` knows:
/// <https://github.com/dotnet/aspnetcore/blob/main/src/Middleware/StaticFiles/src/FileExtensionContentTypeProvider.cs>.
const KNOWN: &str = "323 3g2 3gp2 3gp 3gpp 7z aac aaf aca accdb accde accdt acx adt adts afm ai aif aifc aiff appcache \
    application art asd asf asi asm asr asx atom au avi axs bas bcpio bin bmp c cab calx cat cdf chm class clp \
    cmx cnf cod cpio cpp crd crl crt csh css csv cur dcr deploy der dib dir disco dlm doc docm docx dot dotm \
    dotx dsp dtd dvi dvr-ms dwf dwp dxr eml emz eot eps etx evy fdf fif fla flr flv gif gtar gz h hdf hdml hhc \
    hhk hhp hlp hqx hta htc htm html htt hxt ical icalendar ico ics ief ifb iii inf ins isp ivf jar java jck jcz \
    jfif jpb jpe jpeg jpg js json jsx latex lit lpk lsf lsx lzh m13 m14 m1v m2ts m3u m4a m4v man manifest map \
    markdown md mdb mdp me mht mhtml mid midi mix mmf mno mny mov movie mp2 mp3 mp4 mp4v mpa mpe mpeg mpg mpp \
    mpv2 ms msi mso mvb mvc nc nsc nws ocx oda odc ods oga ogg ogv ogx one onea onetoc onetoc2 onetmp onepkg \
    osdx otf p10 p12 p7b p7c p7m p7r p7s pbm pcx pcz pdf pfb pfm pfx pgm pko pma pmc pml pmr pmw png pnm pnz pot \
    potm potx ppam ppm pps ppsm ppsx ppt pptm pptx prf prm prx ps psd psm psp pub qt qtl qxd ra ram rar ras rf \
    rgb rm rmi roff rpm rtf rtx scd sct sea setpay setreg sgml sh shar sit sldm sldx smd smi smx smz snd snp spc \
    spl spx src ssm sst stl sv4cpio sv4crc svg svgz swf t tar tcl tex texi texinfo tgz thmx thn tif tiff toc tr \
    trm ts tsv ttc ttf tts txt u32 uls ustar vbs vcf vcs vdx vml vsd vss vst vsto vsw vsx vtx wasm wav wax wbmp \
    wcm wdb webm webp wks wm wma wmd wmf wml wmlc wmls wmlsc wmp wmv wmx wmz woff woff2 wps wri wrl wrz wsdl wtv \
    wvx x xaf xaml xap xbap xbm xdr xht xhtml xla xlam xlc xlm xls xlsb xlsm xlsx xlt xltm xltx xlw xml xof xpm \
    xps xsd xsf xsl xslt xsn xtp xwd z zip";

fn read(program: &Program<'_>) -> Vec<Root> {
    let calls = program.calls.iter();
    calls.filter_map(|call| root(program, call)).collect()
}

/// `app.UseStaticFiles(new StaticFileOptions { FileProvider = …, RequestPath = "/x" })`, `UseFileServer` and
/// `UseDirectoryBrowser`.
fn root(program: &Program<'_>, call: &Call) -> Option<Root> {
    let code = program.code;
    if !matches!(
        call.name(),
        "UseStaticFiles" | "UseFileServer" | "UseDirectoryBrowser"
    ) {
        return None;
    }
    let options = Options::of(code, &code.args(call).first()?.value)?;
    let provider = options.value("FileProvider")?;
    let place = code.place(&provider)?;
    let inner = options.value("StaticFileOptions");
    let inner = inner.and_then(|inner| Options::of(code, &inner));
    let sends_unknown = [Some(&options), inner.as_ref()]
        .into_iter()
        .flatten()
        .any(|options| options.is_set("ServeUnknownFileTypes"));
    let manner = match (call.name(), sends_unknown) {
        ("UseDirectoryBrowser", _) => LIST,
        (_, true) if is_unfiltered(code, &provider) => ALL,
        (_, true) => UNKNOWN_TYPES,
        (_, false) => KNOWN_TYPES,
    };
    let manner = if call.name() == "UseFileServer" {
        manner
            .with_index()
            .listing(options.is_set("EnableDirectoryBrowsing"))
    } else {
        manner
    };
    let url = options.value("RequestPath");
    let url = match url {
        Some(url) => code.text(&url)?,
        None => String::new(),
    };
    Some(Root::new("aspnetcore", manner, place, call).under(url))
}

/// Whether the provider was told to leave out nothing.
fn is_unfiltered(code: &Code<'_>, provider: &Expr) -> bool {
    let written = code.constant_of(provider);
    let written = written.unwrap_or_else(|| provider.clone());
    code.source(&written).contains("ExclusionFilters.None")
}

/// What stands in the braces of `new StaticFileOptions { … }`.
struct Options<'c, 't> {
    code: &'c Code<'t>,
    braces: Expr,
}

impl<'c, 't> Options<'c, 't> {
    fn of(code: &'c Code<'t>, expr: &Expr) -> Option<Self> {
        let expr = code.constant_of(expr).unwrap_or_else(|| expr.clone());
        let mut tokens = expr.clone();
        let start = tokens.find(|&at| code.is(at, "{"))?;
        Some(Self {
            code,
            braces: start..expr.end,
        })
    }

    fn value(&self, name: &str) -> Option<Expr> {
        named(&self.code.entries(&self.braces), name)
    }

    fn is_set(&self, name: &str) -> bool {
        let value = self.value(name);
        value.is_some_and(|value| self.code.is_word(value.start, "true"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Site;

    #[test]
    fn directories_of_asp_net_core_are_found() {
        let provider =
            "FileProvider = new PhysicalFileProvider(builder.Environment.ContentRootPath)";
        let whole = |more: &str| {
            format!(
                "var builder = WebApplication.CreateBuilder(args);\n\
                 app.UseStaticFiles(new StaticFileOptions {{ {provider}{more} }});"
            )
        };
        let unknown = ", ServeUnknownFileTypes = true";
        let table = [
            (whole(""), "app/settings.json", "served /settings.json"),
            (whole(""), "app/.env", "denied /.env"),
            (whole(""), "app/notes.conf", "denied /notes.conf"),
            (whole(unknown), "app/notes.conf", "served /notes.conf"),
            (whole(unknown), "app/.env", "denied /.env"),
            (whole(unknown), "app/.git/config", "served /.git/config"),
            (
                whole(unknown).replace("RootPath)", "RootPath, ExclusionFilters.None)"),
                "app/.env",
                "served /.env",
            ),
            (
                whole(", RequestPath = \"/files\""),
                "app/settings.json",
                "served /files/settings.json",
            ),
            (
                format!("app.UseFileServer(new FileServerOptions() {{ {provider}, StaticFileOptions = {{ ServeUnknownFileTypes = true }} }});"),
                "app/notes.conf",
                "served /notes.conf",
            ),
            (
                "var files = new PhysicalFileProvider(Path.Combine(Directory.GetCurrentDirectory(), \"files\"));\n\
                 var options = new StaticFileOptions { FileProvider = files };\napp.UseStaticFiles(options);"
                    .to_owned(),
                "app/files/a.txt",
                "served /a.txt",
            ),
            (
                format!("app.UseDirectoryBrowser(new DirectoryBrowserOptions {{ {provider} }});"),
                "app/settings.json",
                "denied /settings.json",
            ),
            (format!("/* {} */", whole("")), "app/settings.json", "none"),
        ];
        for (program, file, expected) in table {
            let site = Site::of(&[
                ("app/Program.cs", &program),
                ("app/settings.json", "{}"),
                ("app/notes.conf", "a=1"),
                ("app/.env", "A=1"),
                ("app/.git/config", "[core]"),
                ("app/files/a.txt", "a"),
            ]);
            assert_eq!(site.worst(file), expected, "{program}");
        }
    }
}
