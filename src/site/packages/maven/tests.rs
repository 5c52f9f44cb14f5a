use crate::input::{Files as _, Kind, Memory};
use crate::site::Watch;

use super::super::Packages;
use super::jar;

fn read(files: &[(&str, &str)]) -> Vec<String> {
    let files: Memory = files.iter().copied().collect();
    let watch = Watch::new(super::super::WANTS.iter().copied());
    for name in files.names() {
        watch.saw(name, Kind::File);
        watch.read(name, &files.read(name).unwrap());
    }
    let packages = Packages::of(&files, &watch.finish());
    assert_eq!(packages.errors(), []);
    let shown = packages.all().iter().map(|package| {
        let dev = if package.is_dev { " dev" } else { "" };
        let (name, version) = (&package.name, &package.version);
        format!("{name} {version} {}:{}{dev}", package.file, package.line)
    });
    shown.collect()
}

const PARENT: &str = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
  <groupId>com.example</groupId>
  <artifactId>parent</artifactId>
  <version>1.0</version>
  <properties><log.version>2.14.1</log.version><again>${log.version}</again></properties>
  <dependencyManagement><dependencies>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>${again}</version>
    </dependency>
    <dependency>
      <groupId>org.springframework</groupId>
      <artifactId>spring-framework-bom</artifactId>
      <version>5.3.17</version>
      <type>pom</type>
      <scope>import</scope>
    </dependency>
  </dependencies></dependencyManagement>
</project>";

#[test]
fn versions_come_from_properties_parents_and_lists() {
    let child = "<project>
  <parent>
    <groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version>
  </parent>
  <artifactId>app</artifactId>
  <dependencies>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId></dependency>
    <dependency><groupId>org.springframework</groupId><artifactId>spring-webmvc</artifactId></dependency>
    <dependency><groupId>a</groupId><artifactId>b</artifactId><version>[1,2)</version></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>c</artifactId><version>${project.version}</version>
      <scope>test</scope></dependency>
    <dependency><groupId>d</groupId><artifactId>e</artifactId><version>${unknown}</version></dependency>
  </dependencies>
</project>";
    assert_eq!(
        read(&[("pom.xml", PARENT), ("app/pom.xml", child)]),
        [
            "com.example:c 1.0 app/pom.xml:10 dev",
            "org.apache.logging.log4j:log4j-core 2.14.1 pom.xml:10",
            "org.springframework:spring-webmvc 5.3.17 pom.xml:15",
        ]
    );
}

#[test]
fn a_parent_of_spring_boot_numbers_its_starters() {
    let pom = "<project><parent>
  <groupId>org.springframework.boot</groupId>
  <artifactId>spring-boot-starter-parent</artifactId>
  <version>2.6.3</version><relativePath/>
</parent><dependencies>
  <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
  <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency>
</dependencies></project>";
    assert_eq!(
        read(&[("pom.xml", pom)]),
        ["org.springframework.boot:spring-boot-starter-web 2.6.3 pom.xml:4"]
    );
}

#[test]
fn properties_that_name_each_other_come_to_an_end() {
    let mut properties = String::new();
    for number in 0..40 {
        properties.push_str(&format!(
            "<p{number}>${{p{0}}}${{p{0}}}</p{number}>",
            number + 1
        ));
    }
    let pom = format!(
        "<project><properties>{properties}<a>${{b}}</a><b>${{a}}</b></properties><dependencies><dependency>\
         <groupId>${{a}}</groupId><artifactId>x</artifactId><version>${{p0}}</version></dependency></dependencies></project>"
    );
    assert!(read(&[("pom.xml", &pom)]).is_empty());
}

#[test]
fn build_files_of_gradle() {
    let groovy = "plugins { id 'org.springframework.boot' version \"$bootVersion\" }
ext { logVersion = '2.14.1' } // ext { logVersion = '2.20.0' }
/* implementation 'a:b:1.0'
*/
dependencies {
    implementation \"org.apache.logging.log4j:log4j-core:${logVersion}\"
    implementation 'org.springframework.boot:spring-boot-starter-web'
    compile group: 'com.alibaba', name: 'fastjson', version: '1.2.24'
    testImplementation 'junit:junit:4.12'
    runtimeOnly 'c:d:1.+'
    url 'https://repo.example.com:8080/x'
}";
    let kotlin = "val shiro by extra(\"1.2.4\")
dependencies {
    implementation(\"org.apache.shiro:shiro-core:$shiro\")
    implementation(platform(\"org.eclipse.jetty:jetty-bom:9.4.37\"))
    implementation(\"org.eclipse.jetty:jetty-server\")
}";
    assert_eq!(
        read(&[
            ("a/build.gradle", groovy),
            ("a/b/build.gradle.kts", kotlin),
            ("gradle.properties", "bootVersion=2.6.3\n"),
            (
                "gradle.lockfile",
                "# A comment\ne:f:1.0=compileClasspath,testCompileClasspath\ng:h:2=testCompileClasspath\n"
            ),
        ]),
        [
            "com.alibaba:fastjson 1.2.24 a/build.gradle:8",
            "e:f 1.0 gradle.lockfile:2",
            "g:h 2 gradle.lockfile:3 dev",
            "junit:junit 4.12 a/build.gradle:9 dev",
            "org.apache.logging.log4j:log4j-core 2.14.1 a/build.gradle:6",
            "org.apache.shiro:shiro-core 1.2.4 a/b/build.gradle.kts:3",
            "org.eclipse.jetty:jetty-server 9.4.37 a/b/build.gradle.kts:4",
            "org.springframework.boot:spring-boot-starter-web 2.6.3 a/build.gradle:1",
        ]
    );
}

#[test]
fn catalogs_of_versions() {
    let text = "[versions]\nlog = \"2.14.1\"\nrich = { strictly = \"1.2\" }\n\n[libraries]\n\
                a = { module = \"org.apache.logging.log4j:log4j-core\", version.ref = \"log\" }\n\
                log = \"com.alibaba:fastjson:1.2.24\"\nc = { group = \"g\", name = \"n\", version.ref = \"rich\" }\n\
                d = { module = \"no:version\" }\n";
    assert_eq!(
        read(&[("gradle/libs.versions.toml", text)]),
        [
            "com.alibaba:fastjson 1.2.24 gradle/libs.versions.toml:7",
            "g:n 1.2 gradle/libs.versions.toml:8",
            "org.apache.logging.log4j:log4j-core 2.14.1 gradle/libs.versions.toml:6",
        ]
    );
}

#[test]
fn names_of_jars() {
    let of = |file: &str| jar::of(file).map(|found| format!("{} {}", found.name, found.version));
    let of = |file: &str| of(file).unwrap_or_default();
    assert_eq!(
        of("WEB-INF/lib/spring-beans-5.3.17.jar"),
        "spring-beans 5.3.17"
    );
    assert_eq!(of("log4j-1.2-api-2.14.1.jar"), "log4j-1.2-api 2.14.1");
    assert_eq!(of("lib/Guava-28.2-jre.JAR"), "Guava 28.2-jre");
    for none in [
        "app.jar",
        "-1.jar",
        ".jar",
        "a/.m2/repository/x/log4j-core-2.14.1.jar",
        "log4j-core-2.14.1-sources.jar",
    ] {
        assert_eq!(of(none), "", "{none}");
    }
}
