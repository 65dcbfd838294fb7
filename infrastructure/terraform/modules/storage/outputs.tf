output "photos" {
  description = "Name of the bucket of photos, once it may be used."
  value       = google_storage_bucket.photos.name
  depends_on  = [google_storage_bucket_iam_member.photos]
}

output "anchors" {
  description = "Name of the bucket of anchors, once it may be used."
  value       = google_storage_bucket.anchors.name
  depends_on  = [google_storage_bucket_iam_member.anchors]
}
