//! What holds where no `web.config` says otherwise: the installed `applicationHost.config`.

/// Parts of URLs that are hidden:
/// <https://learn.microsoft.com/en-us/iis/configuration/system.webServer/security/requestFiltering/hiddenSegments/>.
pub(super) const HIDDEN: &[&str] = &[
    "web.config",
    "bin",
    "app_code",
    "app_globalresources",
    "app_localresources",
    "app_webreferences",
    "app_data",
    "app_browsers",
];

/// Extensions that are denied:
/// <https://learn.microsoft.com/en-us/iis/configuration/system.webServer/security/requestFiltering/fileExtensions/>.
pub(super) const DENIED: &[&str] = &[
    ".asax",
    ".ascx",
    ".master",
    ".skin",
    ".browser",
    ".sitemap",
    ".config",
    ".cs",
    ".csproj",
    ".vb",
    ".vbproj",
    ".webinfo",
    ".licx",
    ".resx",
    ".resources",
    ".mdb",
    ".vjsproj",
    ".java",
    ".jsl",
    ".ldb",
    ".dsdgm",
    ".ssdgm",
    ".lsad",
    ".ssmap",
    ".cd",
    ".dsprototype",
    ".lsaprototype",
    ".sdm",
    ".sdmdocument",
    ".mdf",
    ".ldf",
    ".ad",
    ".dd",
    ".ldd",
    ".sd",
    ".adprototype",
    ".lddprototype",
    ".exclude",
    ".refresh",
    ".compiled",
    ".msgx",
    ".vsdisco",
    ".rules",
];

/// Extensions with a MIME type: files of no other type are sent, which is the error 404.3:
/// <https://learn.microsoft.com/en-us/iis/configuration/system.webServer/staticContent/mimeMap>. As IIS 10 has it.
const TYPES: &str = "323 3g2 3gp2 3gp 3gpp aac aaf aca accdb accde accdt acx adt adts afm ai aif aifc aiff appcache \
    application art asd asf asi asm asr asx atom au avi axs bas bcpio bin bmp c cab calx cat cdf chm class clp cmx cnf \
    cod cpio cpp crd crl crt csh css csv cur dcr deploy der dib dir disco dll dlm doc docm docx dot dotm dotx dsp dtd \
    dvi dvr-ms dwf dwp dxr eml emz eot eps esd etx evy exe fdf fif fla flr flv gif gtar gz h hdf hdml hhc hhk hhp hlp \
    hqx hta htc htm html htt hxt ico ics ief iii inf ins isp ivf jar java jck jcz jfif jpb jpe jpeg jpg js json jsonld \
    jsx latex less lit lpk lsf lsx lzh m13 m14 m1v m2ts m3u m4a m4v man manifest map mdb mdp me mht mhtml mid midi mix \
    mmf mno mny mov movie mp2 mp3 mp4 mp4v mpa mpe mpeg mpg mpp mpv2 ms msi mso mvb mvc nc nsc nws ocx oda odc ods oga \
    ogg ogv one onea onetoc onetoc2 onetmp onepkg osdx otf p10 p12 p7b p7c p7m p7r p7s pbm pcx pcz pdf pfb pfm pfx pgm \
    pko pma pmc pml pmr pmw png pnm pnz pot potm potx ppam ppm pps ppsm ppsx ppt pptm pptx prf prm prx ps psd psm psp \
    pub qt qtl qxd ra ram rar ras rf rgb rm rmi roff rpm rtf rtx scd sct sea setpay setreg sgml sh shar sit sldm sldx \
    smd smi smx smz snd snp spc spl spx src ssm sst stl sv4cpio sv4crc svg svgz swf t tar tcl tex texi texinfo tgz thmx \
    thn tif tiff toc tr trm ts tsv ttf tts txt u32 uls ustar vbs vcf vcs vdx vml vsd vss vst vsto vsw vsx vtx wav wax \
    wbmp wcm wdb webm webp wks wm wma wmd wmf wml wmlc wmls wmlsc wmp wmv wmx wmz woff woff2 wps wri wrl wrz wsdl wtv \
    wvx x xaf xaml xap xbap xbm xdr xht xhtml xla xlam xlc xlm xls xlsb xlsm xlsx xlt xltm xltx xlw xml xof xpm xps xsd \
    xsf xsl xslt xsn xtp xwd z zip";

/// Whether an extension, with its dot, has a MIME type from the start.
pub(super) fn has_type(extension: &str) -> bool {
    let name = extension.trim_start_matches('.').to_ascii_lowercase();
    !name.is_empty() && TYPES.split_whitespace().any(|known| known == name)
}

/// Files that stand for their directory:
/// <https://learn.microsoft.com/en-us/iis/configuration/system.webServer/defaultDocument/>.
pub(super) const DOCUMENTS: &[&str] = &[
    "Default.htm",
    "Default.asp",
    "index.htm",
    "index.html",
    "iisstart.htm",
    "default.aspx",
];

/// Extensions that ASP, ASP.NET and PHP answer for, where they are installed. Where they are not, no MIME type makes
/// them files to send.
pub(super) const SCRIPTS: &[&str] = &[
    ".asp", ".aspx", ".ashx", ".asmx", ".axd", ".svc", ".cshtml", ".vbhtml", ".cshtm", ".vbhtm",
    ".rem", ".soap", ".xamlx", ".aspq", ".cer", ".asa", ".cdx", ".idc", ".php",
];
