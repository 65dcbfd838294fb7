# Files that are no rows: photos of vehicles, and the signed heads of the journals, which nobody may change or remove, we included.

resource "google_storage_bucket" "photos" {
  name                        = "${var.project_id}-mercado-photos"
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # what was taken away by mistake can be had back for a month
  soft_delete_policy {
    retention_duration_seconds = 2592000
  }
}

resource "google_storage_bucket" "anchors" {
  name                        = "${var.project_id}-mercado-anchors"
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # an object stays as it is for so long: what is anchored today still proves the journal when the last record of a sale goes
  retention_policy {
    retention_period = var.anchors_kept_seconds
    is_locked        = var.anchors_locked
  }
}

resource "google_storage_bucket_iam_member" "photos" {
  bucket = google_storage_bucket.photos.name
  role   = "roles/storage.objectUser"
  member = "serviceAccount:${var.photos_account}"
}

# Adds and reads; nobody is given the right to delete, and the retention would refuse it.
resource "google_storage_bucket_iam_member" "anchors" {
  for_each = {
    for pair in setproduct(keys(var.anchors_accounts), ["roles/storage.objectCreator", "roles/storage.objectViewer"]) :
    "${pair[0]} ${pair[1]}" => { account = var.anchors_accounts[pair[0]], role = pair[1] }
  }

  bucket = google_storage_bucket.anchors.name
  role   = each.value.role
  member = "serviceAccount:${each.value.account}"
}
