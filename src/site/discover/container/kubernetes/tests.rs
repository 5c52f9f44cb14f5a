use super::super::super::testing::Site;

const INGRESS: &str = "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            backend:
              service:
                name: web
";

const CLUSTER: &str = "apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec:
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:1.2
          volumeMounts:
            - {name: settings, mountPath: /var/www/html/.env, subPath: env}
      volumes:
        - name: settings
          secret: {secretName: shop-env}
";

const SECRET: &str = "apiVersion: v1
kind: Secret
metadata: {name: shop-env}
stringData:
  env: A=1
";

fn site(more: &[(&str, &str)]) -> Site {
    let mut all = vec![
        (
            "web/Dockerfile",
            "FROM php:8.3-apache\nCOPY . /var/www/html\n",
        ),
        ("web/config.inc", "A=1"),
        ("k8s/cluster.yaml", CLUSTER),
        ("k8s/secret.yaml", SECRET),
    ];
    all.extend(more);
    Site::of(&all)
}

fn chain(site: &Site, path: &str) -> Vec<String> {
    let verdict = site.look_up(path);
    let because = &verdict.urls[0].because;
    because
        .iter()
        .map(|reason| reason.directive.clone())
        .collect()
}

#[test]
fn an_ingress_leads_to_what_the_image_is_built_of() {
    let compose = "services:\n  web:\n    image: registry.example.com/shop/web\n    build: ./web\n";
    let site = site(&[
        ("k8s/ingress.yaml", INGRESS),
        ("docker-compose.yml", compose),
    ]);
    assert_eq!(site.worst("web/config.inc"), "served /config.inc");
    let chain = site
        .look_up("web/config.inc")
        .urls
        .iter()
        .map(|url| {
            let all = url.because.iter().map(|reason| reason.directive.clone());
            all.collect::<Vec<_>>()
        })
        .find(|chain| chain[0].starts_with("Ingress"))
        .unwrap();
    assert_eq!(
        chain[..5],
        [
            "Ingress shop sends shop.example.com/ to Service web",
            "Service web sends to Deployment front",
            "Deployment front runs registry.example.com/shop/web:1.2",
            "web/Dockerfile builds registry.example.com/shop/web",
            "FROM php:8.3-apache",
        ]
    );
}

#[test]
fn a_secret_that_is_mounted_into_the_document_root_is_served() {
    let site = site(&[("k8s/ingress.yaml", INGRESS)]);
    assert_eq!(site.worst("k8s/secret.yaml"), "served /.env (assumed)");
    let chain = chain(&site, "k8s/secret.yaml");
    assert!(
        chain.contains(
            &"Deployment front mounts env of Secret shop-env at /var/www/html/.env".to_owned()
        ),
        "{chain:?}"
    );
}

#[test]
fn who_is_asked_for_a_password_is_not_let_in() {
    let guarded = INGRESS.replace(
        "  name: shop\n",
        "  name: shop\n  annotations:\n    nginx.ingress.kubernetes.io/auth-type: basic\n",
    );
    let site = site(&[("k8s/ingress.yaml", &guarded)]);
    assert_eq!(site.worst("k8s/secret.yaml"), "none");
    // The image is what it is all the same.
    assert_eq!(site.worst("web/config.inc"), "served /config.inc");
}

#[test]
fn other_ways_in() {
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec:\n  hostnames: [shop.example.com]\n  \
                 rules:\n    - matches: [{path: {value: /}}]\n      backendRefs: [{name: web, port: 80}]\n";
    let balancer = "apiVersion: v1\nkind: Service\nmetadata: {name: public}\nspec:\n  type: LoadBalancer\n  selector: {app: web}\n";
    let part = INGRESS.replace("path: /\n", "path: /shop\n");
    for (entrance, first) in [
        (route, "HTTPRoute r sends shop.example.com/ to Service web"),
        (balancer, "Service public is a LoadBalancer"),
        (
            part.as_str(),
            "Ingress shop sends shop.example.com/shop to Service web",
        ),
    ] {
        let site = site(&[("k8s/entrance.yml", entrance)]);
        assert_eq!(chain(&site, "k8s/secret.yaml")[0], first);
    }
    let other = INGRESS.replace("name: web", "name: other");
    assert_eq!(
        site(&[("k8s/i.yaml", &other)]).worst("k8s/secret.yaml"),
        "none"
    );
}

#[test]
fn what_configures_the_server_from_the_cluster_is_said() {
    let map = CLUSTER.replace(
        "mountPath: /var/www/html/.env, subPath: env",
        "mountPath: /etc/apache2/conf-enabled",
    );
    let site = site(&[("k8s/ingress.yaml", INGRESS), ("k8s/cluster.yaml", &map)]);
    assert!(
        site.model
            .notes()
            .any(|note| note.contains("/etc/apache2/conf-enabled"))
    );
}
