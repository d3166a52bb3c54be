"""What providers' own codes and types mean: tables, read before any words.

Codes are compared without case and punctuation. A vendor's own table comes before `GENERAL`;
`VAGUE` are codes that so many vendors use for so many things that words come before them.
"""

from __future__ import annotations

import re

from framewright.domain.job import ErrorCategory as Category


def plain(code: str) -> str:
    """Return a code without case and punctuation, as the tables hold it."""
    return re.sub(r"[^a-z0-9]", "", code.lower())


def _table(rows: dict[Category, str]) -> dict[str, Category]:
    return {plain(code): category for category, codes in rows.items() for code in codes.split()}


GENERAL = _table(
    {
        Category.BILLING: """
            insufficient_quota insufficient_credits insufficient_credit insufficient_balance
            insufficient_funds insufficient_user_quota insufficient_tokens
            insufficient_account_balance billing_hard_limit_reached billing_soft_limit_reached
            billing_not_active billing_error payment_required payment_failed quota_exhausted
            credit_limit_reached credits_exhausted credit_exhausted out_of_credits no_credits
            not_enough_credits balance_not_enough not_enough_balance account_balance_not_enough
            budget_exceeded budget_exhausted spending_limit_reached spend_limit_exceeded
            subscription_required subscription_expired subscription_inactive plan_required
            payment_method_required exceeded_current_quota_error BILLING_DISABLED
            BillingHardLimitReached arrearage account_overdue AccountOverdueError
            free_trial_expired credit_balance_too_low""",
        Category.CONTENT_POLICY: """
            content_policy_violation content_policy moderation_blocked content_moderated
            content_moderation content_filter content_filtered content_filter_error
            responsible_ai_policy_violation ResponsibleAIPolicyViolation DataInspectionFailed
            data_inspection_failed PUBLIC_ERROR_UNSAFE_GENERATION IMAGE_SAFETY PROHIBITED_CONTENT
            BLOCKLIST SPII RECITATION IMAGE_RECITATION IMAGE_PROHIBITED_CONTENT SAFETY
            sexual_content nsfw nsfw_content_detected nsfw_detected safety_violation
            policy_violation unsafe_content inappropriate_content moderation_failed
            request_moderated moderated sensitive_content InputTextSensitiveContentDetected
            InputImageSensitiveContentDetected OutputVideoSensitiveContentDetected
            OutputImageSensitiveContentDetected copyright_violation
            image_content_policy_violation usage_policy_violation content_violation""",
        Category.AUTHENTICATION: """
            invalid_api_key invalid_key missing_api_key incorrect_api_key API_KEY_INVALID
            API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED
            SERVICE_DISABLED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_EXPIRED
            CREDENTIALS_MISSING CONSUMER_INVALID IAM_PERMISSION_DENIED unauthenticated
            authentication_error authentication_failed authentication_required auth_error
             not_authenticated missing_permissions insufficient_permissions
            insufficient_scope invalid_token token_expired expired_token
            ExpiredTokenException InvalidSignatureException UnrecognizedClientException
               InvalidAccessKeyId
            SignatureDoesNotMatch MissingAuthenticationTokenException invalid_authorization
            invalid_credentials account_deactivated account_suspended account_disabled
            organization_must_be_verified unsupported_country_region_territory
            InvalidApiKey invalid_authentication invalid_authentication_error
            country_not_supported gated_repo needs_authorization invalid_auth
            sign_in_required invalid_grant invalid_client detected_unusual_activity""",
        Category.NOT_FOUND: """
              model_not_found voice_not_found model_not_available
            DeploymentNotFound deployment_not_found resource_not_found ResourceNotFoundException
            ResourceNotFound model_deprecated deprecated_model model_decommissioned
            model_not_exist ModelNotFound InvalidModelError no_such_model NoSuchKey NoSuchBucket
            task_not_found voice_does_not_exist invalid_voice_id unknown_model
            application_not_found app_not_found route_not_found prediction_not_found
            generation_not_found job_not_found repository_not_found RepositoryNotFoundError
            model_does_not_exist unknown_url asset_not_found file_not_found_error""",
        Category.RATE_LIMIT: """
            rate_limit_exceeded rate_limit_error rate_limited rate_limit ratelimit
            rate_limit_reached rate_limit_reached_error
            too_many_concurrent_requests concurrent_limit_exceeded concurrency_limit_exceeded
            concurrency_limit slow_down throttled throttling ThrottlingException Throttling
            throttling_rate_quota throttling_allocation_quota Throttling.RateQuota
            Throttling.AllocationQuota RATE_LIMIT_EXCEEDED requests_limit_reached
             RequestLimitExceeded daily_limit_exceeded
            tokens_per_minute_limit max_concurrent_tasks parallel_limit
            ServiceQuotaExceededException too_many_tasks limit_requests limit_burst_rate
            RateQuotaExceeded""",
        Category.CAPACITY: """
            overloaded overloaded_error server_overloaded engine_overloaded
            engine_overloaded_error system_busy server_busy service_busy
            MODEL_CAPACITY_EXHAUSTED model_overloaded model_loading model_not_ready
            ModelNotReadyException no_capacity capacity_exceeded capacity_unavailable
            insufficient_capacity InsufficientInstanceCapacity InsufficientCapacity
            runner_scheduling_failure startup_timeout out_of_memory OutOfMemoryError
            CUDAOutOfMemoryError cuda_out_of_memory queue_full heavy_load
            ServerOverloaded resource_unavailable no_workers_available
            high_demand no_gpu_available""",
        Category.INPUT_MEDIA: """
            image_too_small image_too_large image_load_error image_parse_error
            image_dimensions_error image_aspect_ratio_error face_detection_error file_too_large
            file_download_error file_load_error file_size_exceeded unsupported_image_format
            unsupported_video_format unsupported_audio_format unsupported_file_format
            unsupported_archive_format invalid_image invalid_image_format invalid_image_url
            invalid_image_file invalid_image_size invalid_base64_image image_parse_failed
            image_file_too_large image_file_not_found empty_image_file failed_to_download_image
            invalid_video invalid_audio audio_duration_too_long audio_duration_too_short
            video_duration_too_long video_duration_too_short invalid_archive
            archive_file_count_below_minimum archive_file_count_exceeds_maximum
            payload_too_large request_too_large unsupported_media_type invalid_media
            invalid_file_type file_invalid asset_invalid invalid_asset corrupted_file
            audio_too_short audio_too_long video_too_long video_too_short no_face_detected
            UnidentifiedImageError image_download_error media_download_failed
            unsupported_image_media_type invalid_image_mode""",
        Category.INVALID_PARAMETERS: """
            missing enum literal_error string_too_long string_too_short
            greater_than greater_than_equal less_than less_than_equal multiple_of one_of
            int_parsing float_parsing bool_parsing string_type int_type float_type list_type
            dict_type string_pattern_mismatch json_invalid extra_forbidden int_from_float
            too_long too_short url_parsing url_type model_attributes_type
            value_error.missing feature_not_supported sequence_too_long sequence_too_short
            value_not_in_list required_input_missing invalid_input_type return_type_mismatch
            value_smaller_than_min value_bigger_than_max
             prompt_no_outputs no_prompt bad_linked_input
              missing_node_type dependency_cycle
            exception_during_validation exception_during_inner_validation
            max_character_limit_exceeded text_too_long prompt_too_long
            context_length_exceeded string_above_max_length string_below_min_length
            invalid_value unsupported_value unsupported_parameter
            unknown_parameter missing_required_parameter missing_parameter
            integer_above_max_value integer_below_min_value decimal_above_max_value
            array_above_max_length array_below_min_length invalid_enum_value
            unrecognized_keys not_multiple_of

              MissingParameter
              invalid_json
             uneven_dimensions invalid_duration invalid_aspect_ratio
            invalid_dimensions empty_prompt OutOfRange method_not_allowed
             invalid_text unsupported_language""",
        Category.CANCELLED: """
            cancelled canceled client_cancelled client_disconnected user_cancelled
            request_cancelled execution_interrupted InterruptProcessingException aborted
            task_cancelled job_cancelled AbortError CancelledError aborted_by_user""",
    }
)

VAGUE = _table(
    {
        Category.INVALID_PARAMETERS: """
            invalid_request invalid_request_error bad_request bad_request_error INVALID_ARGUMENT
            FAILED_PRECONDITION OUT_OF_RANGE invalid_input image_generation_user_error user_error
            invalid input_validation_error validation_failed
            custom_validation_failed prompt_outputs_failed_validation invalid_prompt
            invalid_prompts ValidationException validation_error InvalidParameter
            InvalidParameterValue InvalidParameterCombination invalid_parameters parse_error
            unprocessable_entity invalid_type RequestValidationError too_big too_small
            invalid_string""",
        Category.AUTHENTICATION: """
            permission_denied forbidden PermissionDenied unauthorized not_authorized access_denied
            AccessDeniedException permission_error request_forbidden""",
        Category.NOT_FOUND: "not_found not_found_error NotFoundException",
        Category.RATE_LIMIT: """
            resource_exhausted quota_exceeded limit_exceeded too_many_requests
            TooManyRequestsException""",
        Category.OUTAGE: """
            internal_server_error internal_error server_error service_unavailable
            service_unavailable_error unavailable bad_gateway gateway_timeout deadline_exceeded
            request_timeout timeout timed_out generation_timeout downstream_service_error
            downstream_service_unavailable runner_connection_timeout runner_disconnected
            runner_connection_refused runner_connection_error runner_incomplete_response
            runner_server_error InternalServerException InternalFailure
            ServiceUnavailableException ModelTimeoutException ModelErrorException api_error
            api_connection_error connection_error upstream_error vector_store_timeout maintenance
            under_maintenance generation_failed ConnectError ConnectTimeout ReadTimeout
            WriteTimeout PoolTimeout ReadError RemoteProtocolError ConnectionResetError
            ConnectionRefusedError BrokenPipeError TimeoutError ConnectionTimeout APITimeoutError
            ECONNRESET ECONNREFUSED ETIMEDOUT ENOTFOUND EAI_AGAIN EPIPE
            IncompleteRead ClientPayloadError ClientOSError URLError
            ServerTimeoutError ServerDisconnectedError ChunkedEncodingError ProtocolError
            MaxRetryError NewConnectionError EndpointConnectionError ReadTimeoutError SSLError
            gaierror UND_ERR_SOCKET
            UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT internal unknown_error
            image_generation_server_error INTERNAL.BAD_OUTPUT.CODE01 failed_to_generate""",
    }
)

_C = Category
VENDORS: dict[str, dict[str, Category]] = {
    "elevenlabs": _table(
        {
            _C.BILLING: "quota_exceeded",
            _C.CAPACITY: "system_busy",
            _C.CONTENT_POLICY: "bad_prompt bad_composition_plan",
        }
    ),
    "comfyui": _table({_C.INVALID_PARAMETERS: "invalid_prompt missing_node_type"}),
    "fal": _table(
        {
            _C.INVALID_PARAMETERS: "bad_request",
            _C.CONTENT_POLICY: "no_media_generated partner_validation_failed",
            _C.OUTAGE: "internal_server_error internal_error generation_timeout request_timeout",
        }
    ),
    "vidu": _table(
        {
            _C.NOT_FOUND: "ModelUnavailable",
            _C.RATE_LIMIT: "QuotaExceeded",
            _C.CONTENT_POLICY: "AuditSubmitIllegal",
        }
    ),
    "tripo": _table({_C.CONTENT_POLICY: "banned"}),
    "stability": _table({_C.CONTENT_POLICY: "invalid_prompts"}),
    "minimax": _table(
        {
            _C.OUTAGE: "1000 1001 1013 1024 1033",
            _C.RATE_LIMIT: "1002 1039 1041 2045",
            _C.AUTHENTICATION: "1004 2049",
            _C.BILLING: "1008 2056",
            _C.CONTENT_POLICY: "1026 1027 1043",
            _C.INVALID_PARAMETERS: "1042",
            _C.INPUT_MEDIA: "2037 1044 20132",
        }
    ),
    "kling": _table(
        {
            _C.AUTHENTICATION: "1000 1001 1002 1003 1004 1100 1103 1304",
            _C.BILLING: "1101 1102",
            _C.NOT_FOUND: "1202 1203",
            _C.CONTENT_POLICY: "1300 1301",
            _C.RATE_LIMIT: "1302 1303",
            _C.OUTAGE: "5000 5001 5002",
        }
    ),
}
