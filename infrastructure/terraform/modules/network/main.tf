# A network of our own: the services leave by it, the database is reached in it, and nothing comes in from outside.

resource "google_compute_network" "this" {
  name                    = "mercado"
  auto_create_subnetworks = false
}

# Direct VPC egress takes up to two addresses an instance, and more while revisions change: /22 holds 1,020.
# Private Google Access lets Pub/Sub, KMS and run.app be reached without a public address.
resource "google_compute_subnetwork" "services" {
  name                     = "mercado-services"
  region                   = var.region
  network                  = google_compute_network.this.id
  ip_cidr_range            = "10.10.0.0/22"
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "EXCLUDE_ALL_METADATA"
  }
}

# Addresses lent to Google for Cloud SQL (private services access).
resource "google_compute_global_address" "google_services" {
  name          = "mercado-google-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

resource "google_service_networking_connection" "google_services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.google_services.name]
  # Deleting the peering fails for hours after the database is gone; leaving it costs nothing.
  deletion_policy = "ABANDON"
}

# The way out to payment providers and webhook receivers, from addresses that they can put on their lists.
resource "google_compute_router" "this" {
  name    = "mercado"
  region  = var.region
  network = google_compute_network.this.id
}

resource "google_compute_address" "egress" {
  name   = "mercado-egress"
  region = var.region
}

resource "google_compute_router_nat" "this" {
  name                               = "mercado"
  router                             = google_compute_router.this.name
  region                             = var.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.egress.self_link]
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.services.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

# Plain HTTP never leaves: only TLS, mail that begins with it, PostgreSQL's port, DNS and the metadata server.
resource "google_compute_firewall" "egress_allowed" {
  name               = "mercado-egress-allowed"
  network            = google_compute_network.this.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]

  allow {
    protocol = "tcp"
    # 443: everything; 465 and 587: avisos-service's mail server (Google blocks 25); 3307 and 5432: the database by its proxy and directly; 53: names over TCP
    ports = ["443", "465", "587", "3307", "5432", "53"]
  }
  allow {
    protocol = "udp"
    ports    = ["53"]
  }
}

resource "google_compute_firewall" "egress_denied" {
  name               = "mercado-egress-denied"
  network            = google_compute_network.this.id
  direction          = "EGRESS"
  priority           = 65000
  destination_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}
