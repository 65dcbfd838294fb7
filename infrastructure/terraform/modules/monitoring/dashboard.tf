# One page: purchases first, then what carries them.

locals {
  charts = [
    { title = "Oldest message not yet sent (s)", query = "max by (service) (mercado_outbox_oldest_age_seconds)" },
    { title = "Oldest unfinished saga step (s)", query = "max(mercado_saga_oldest_unfinished_step_age_seconds)" },
    { title = "Dead letters", query = "max by (service, subscription) (mercado_dead_letters)" },
    { title = "Manual interventions", query = "max(mercado_manual_interventions)" },
    { title = "What the audit found", query = "max by (kind) (mercado_audit_findings)" },
    { title = "Oldest reservation (s)", query = "max(mercado_reservation_oldest_age_seconds)" },
    {
      title = "Requests a second, by service"
      query = "sum by (service_name) (rate(run_googleapis_com:request_count{monitored_resource=\"cloud_run_revision\"}[5m]))"
    },
    {
      title = "95th percentile of answers (ms)"
      query = "histogram_quantile(0.95, sum by (le, service_name) (rate(run_googleapis_com:request_latencies_bucket{monitored_resource=\"cloud_run_revision\"}[5m])))"
    },
    {
      title = "Messages waiting, by subscription"
      query = "max by (subscription_id) (pubsub_googleapis_com:subscription_num_undelivered_messages{monitored_resource=\"pubsub_subscription\"})"
    },
    {
      title = "Database processors used"
      query = "max(cloudsql_googleapis_com:database_cpu_utilization{monitored_resource=\"cloudsql_database\"})"
    },
    {
      title = "Database connections"
      query = "sum by (database) (cloudsql_googleapis_com:database_postgresql_num_backends{monitored_resource=\"cloudsql_database\"})"
    },
  ]
}

resource "google_monitoring_dashboard" "this" {
  dashboard_json = jsonencode({
    displayName = "Mercado Veículo"
    mosaicLayout = {
      columns = 12
      tiles = [
        for index, chart in local.charts : {
          xPos   = 6 * (index % 2)
          yPos   = 4 * floor(index / 2)
          width  = 6
          height = 4
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{ timeSeriesQuery = { prometheusQuery = chart.query }, plotType = "LINE" }]
            }
          }
        }
      ]
    }
  })
}
