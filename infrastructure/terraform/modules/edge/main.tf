# The public door: one address, TLS, Cloud Armor in front of the gateway, plain HTTP sent to HTTPS.

resource "google_compute_global_address" "this" {
  name = "mercado-public"
}

resource "google_compute_region_network_endpoint_group" "gateway" {
  name                  = "mercado-gateway"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = var.service
  }
}

resource "google_compute_security_policy" "this" {
  name        = "mercado"
  description = "Rate limit by address, and the OWASP rules that a JSON API can live with"

  # without it the rules look for injections in a body as if it were a form, and find some in honest JSON
  advanced_options_config {
    json_parsing = "STANDARD"
  }

  rule {
    description = "Injections, by Google's preconfigured rules at their least sensitive level"
    action      = "deny(403)"
    priority    = 1000

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1}) || evaluatePreconfiguredWaf('xss-v33-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    description = "Local and remote file inclusion, remote execution, scanners"
    action      = "deny(403)"
    priority    = 1100

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('lfi-v33-stable', {'sensitivity': 1}) || evaluatePreconfiguredWaf('rce-v33-stable', {'sensitivity': 1}) || evaluatePreconfiguredWaf('scannerdetection-v33-stable', {'sensitivity': 1})"
      }
    }
  }

  rule {
    description = "Metrics are for inside"
    action      = "deny(404)"
    priority    = 1200

    match {
      expr {
        expression = "request.path.lower().urlDecode().contains('/metrics')"
      }
    }
  }

  rule {
    description = "Who asks too much waits"
    action      = "throttle"
    priority    = 2000

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "The default"
    action      = "allow"
    priority    = 2147483647

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

resource "google_compute_backend_service" "gateway" {
  name                  = "mercado-gateway"
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_security_policy.this.id

  backend {
    group = google_compute_region_network_endpoint_group.gateway.id
  }

  # The client is Google's own, so there is no secret of ours to keep.
  iap {
    enabled = length(var.iap_members) > 0
  }

  log_config {
    enable      = true
    sample_rate = 0.1
  }
}

resource "google_iap_web_backend_service_iam_member" "member" {
  for_each = var.iap_members

  web_backend_service = google_compute_backend_service.gateway.name
  role                = "roles/iap.httpsResourceAccessor"
  member              = each.value
}

# The name has the domain's hash in it: a certificate can't be changed, and the new one must exist before the old goes.
resource "google_compute_managed_ssl_certificate" "this" {
  name = "mercado-${substr(sha256(var.domain), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "this" {
  name            = "mercado"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_url_map" "https" {
  name            = "mercado"
  default_service = google_compute_backend_service.gateway.id
}

resource "google_compute_target_https_proxy" "this" {
  name             = "mercado"
  url_map          = google_compute_url_map.https.id
  ssl_certificates = [google_compute_managed_ssl_certificate.this.id]
  ssl_policy       = google_compute_ssl_policy.this.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "mercado-https"
  target                = google_compute_target_https_proxy.this.id
  ip_address            = google_compute_global_address.this.id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_url_map" "http" {
  name = "mercado-to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "this" {
  name    = "mercado-to-https"
  url_map = google_compute_url_map.http.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "mercado-http"
  target                = google_compute_target_http_proxy.this.id
  ip_address            = google_compute_global_address.this.id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
