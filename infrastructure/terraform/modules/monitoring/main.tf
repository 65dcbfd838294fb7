# What an operator has to know without looking: the figures that the services report of themselves, what Google
# measures beside them, whether the public door answers, and what it all costs.

locals {
  channels = google_monitoring_notification_channel.email[*].id

  # By PromQL over what the services' /metrics say. `for` keeps a short spike from waking anyone.
  promises = {
    outbox_oldest_age = {
      query    = "max by (service) (mercado_outbox_oldest_age_seconds) > 60"
      for      = "120s"
      severity = "CRITICAL"
      says     = "Messages that are committed are not sent: the relay or Pub/Sub stands still. Nothing is lost while the database stands; purchases wait."
    }
    saga_oldest_unfinished_step_age = {
      query    = "max(mercado_saga_oldest_unfinished_step_age_seconds) > 3600"
      for      = "300s"
      severity = "ERROR"
      says     = "A purchase has been at one step for over an hour, twice a Pix code's life. Its participant does not answer, or its deadline is not acted upon."
    }
    dead_letters = {
      query    = "max by (service, subscription) (mercado_dead_letters) > 0"
      for      = "0s"
      severity = "ERROR"
      says     = "A message could not be handled and was set aside with its reason. Its purchase waits for an operator."
    }
    manual_interventions = {
      query    = "max(mercado_manual_interventions) > 0"
      for      = "0s"
      severity = "CRITICAL"
      says     = "A purchase ended in FAILED_REQUIRES_MANUAL_INTERVENTION: somebody's money or vehicle is held until an operator resumes it."
    }
    reservation_oldest_age = {
      query    = "max(mercado_reservation_oldest_age_seconds) > 7200"
      for      = "300s"
      severity = "WARNING"
      says     = "A vehicle has been reserved for over two hours and can't be sold to anybody else."
    }
    audit_findings = {
      query    = "max by (kind) (mercado_audit_findings) > 0"
      for      = "0s"
      severity = "CRITICAL"
      says     = "The audit found that services disagree, or that something waits. `npm run audit` tells what and what to do."
    }
    audit_age = {
      query    = "max(mercado_audit_age_seconds) > 14400"
      for      = "600s"
      severity = "WARNING"
      says     = "No audit has finished for four hours: a service does not answer it, or the schedule is off."
    }
    stock_held_unpaid = {
      query    = "sum(mercado_unpaid_pix_purchases) > 10 and sum(mercado_unpaid_pix_purchases) > 0.3 * (sum(mercado_unpaid_pix_purchases) + sum(mercado_vehicles_on_sale))"
      for      = "300s"
      severity = "WARNING"
      says     = "Unpaid purchases by Pix hold more than 30 % of the stock: a busy day, or somebody who keeps it from being sold."
    }
    customers_read_by_one = {
      query    = "max(mercado_customers_read_by_one) > 1000"
      for      = "0s"
      severity = "WARNING"
      says     = "One person was shown more than 1,000 customers within an hour: a task that needs it, or somebody who carries them away."
    }
  }

  # By metrics that Google keeps of its own services: they speak up also when ours can't.
  measured = {
    pubsub_oldest_unacked = {
      filter     = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      aligner    = "ALIGN_MAX"
      threshold  = 300
      duration   = "300s"
      severity   = "ERROR"
      says       = "A subscription has had a message waiting for over five minutes: its service is down or can't keep up."
      group_by   = ["resource.label.subscription_id"]
      comparison = "COMPARISON_GT"
    }
    database_disk = {
      filter     = "resource.type = \"cloudsql_database\" AND metric.type = \"cloudsql.googleapis.com/database/disk/utilization\""
      aligner    = "ALIGN_MEAN"
      threshold  = 0.85
      duration   = "600s"
      severity   = "WARNING"
      says       = "The database's disk fills. It grows by itself, but something is probably not being pruned."
      group_by   = []
      comparison = "COMPARISON_GT"
    }
    database_cpu = {
      filter     = "resource.type = \"cloudsql_database\" AND metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\""
      aligner    = "ALIGN_MEAN"
      threshold  = 0.85
      duration   = "900s"
      severity   = "WARNING"
      says       = "The database is short of processors: raise database_tier."
      group_by   = []
      comparison = "COMPARISON_GT"
    }
    server_errors = {
      filter     = "resource.type = \"cloud_run_revision\" AND metric.type = \"run.googleapis.com/request_count\" AND metric.label.response_code_class = \"5xx\""
      aligner    = "ALIGN_RATE"
      threshold  = 0.1
      duration   = "300s"
      severity   = "ERROR"
      says       = "A service answers with 5xx, more than six a minute for five minutes."
      group_by   = ["resource.label.service_name"]
      comparison = "COMPARISON_GT"
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  count = var.alert_email == null ? 0 : 1

  display_name = "Mercado Veículo: operations"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

resource "google_monitoring_alert_policy" "promise" {
  for_each = local.promises

  display_name          = each.key
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = each.value.for
      evaluation_interval = "60s"
      alert_rule          = each.key
      rule_group          = "mercado"
      # the metric does not exist before the first service has reported it
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.says}\n\nWhat to do: docs/runbook.md, `${each.key}`."
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

resource "google_monitoring_alert_policy" "measured" {
  for_each = local.measured

  display_name          = each.key
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_threshold {
      filter          = each.value.filter
      comparison      = each.value.comparison
      threshold_value = each.value.threshold
      duration        = each.value.duration

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = length(each.value.group_by) == 0 ? null : each.value.aligner == "ALIGN_RATE" ? "REDUCE_SUM" : "REDUCE_MAX"
        group_by_fields      = each.value.group_by
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.says}\n\nWhat to do: docs/runbook.md, `${each.key}`."
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

resource "google_monitoring_uptime_check_config" "public" {
  display_name     = "The public door answers"
  period           = "60s"
  timeout          = "10s"
  selected_regions = ["SOUTH_AMERICA", "USA", "EUROPE"]

  http_check {
    path         = "/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = var.public_host
    }
  }
}

resource "google_monitoring_alert_policy" "public_door" {
  display_name          = "public_door"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels

  conditions {
    display_name = "public_door"

    condition_threshold {
      filter          = "resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.label.check_id = \"${google_monitoring_uptime_check_config.public.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "120s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Two places of the world or more get no healthy answer from ${var.public_host}.\n\nWhat to do: docs/runbook.md, `public_door`."
  }
}

resource "google_billing_budget" "month" {
  count = var.billing_account == null ? 0 : 1

  billing_account = var.billing_account
  display_name    = "Mercado Veículo, a month"

  budget_filter {
    projects = ["projects/${var.project_number}"]
  }

  amount {
    specified_amount {
      currency_code = var.budget_currency
      units         = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = local.channels
    disable_default_iam_recipients   = false
  }
}
