// Generated from docs/schema/mcp_audit_v1.json by scripts/gen.ts; do not edit.
// @ts-nocheck
export const validate = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:mcp-observer:schema:mcp_audit_v1","type":"object","additionalProperties":true,"required":["schema_version","record","timestamp","session_id","client_process","server_host","server_port","tls","method"],"properties":{"schema_version":{"type":"string","const":"1"},"record":{"type":"string","enum":["call","effect","session","status"]},"timestamp":{"x-int64":true},"ktime_ns":{"x-int64":true},"boot_id":{"type":"string","maxLength":64},"host_name":{"type":"string","maxLength":255},"session_id":{"type":"string","maxLength":128,"minLength":1},"client_process":{"type":"string","maxLength":256},"server_host":{"type":"string","maxLength":256},"server_port":{"type":"integer","minimum":0,"maximum":65535},"tls":{"type":"boolean"},"method":{"type":"string","maxLength":256},"transport":{"type":"string","enum":["stdio","tcp","ws","http","sse"]},"source":{"type":"string","enum":["wrap","proxy","emitter","gateway","kernel","agent"]},"server_name":{"type":"string","maxLength":256},"server_pid":{"type":"integer","minimum":0},"observer_mode":{"type":"string","enum":["kernel","audit","off"]},"observer_reason":{"type":"string","maxLength":1024},"protocol_version":{"type":"string","maxLength":64},"client_name":{"type":"string","maxLength":256},"client_version":{"type":"string","maxLength":128},"server_info_name":{"type":"string","maxLength":256},"server_info_version":{"type":"string","maxLength":128},"call_id":{"type":"string","maxLength":192},"request_id":{"type":"string","maxLength":256},"message_type":{"type":"string","enum":["request","notification","invalid"]},"direction":{"type":"string","enum":["client_to_server","server_to_client"]},"tool_name":{"type":"string","maxLength":256},"outcome":{"type":"string","enum":["ok","tool_error","error","denied","approval_required","timeout","cancelled","orphaned"]},"duration_ms":{"type":"number","minimum":0},"started_ktime_ns":{"x-int64":true},"request_bytes":{"type":"integer","minimum":0},"response_bytes":{"type":"integer","minimum":0},"error_code":{"type":"string","maxLength":64},"auth_scheme":{"type":"string","enum":["none","basic","bearer","mtls","other"]},"cert_fingerprint":{"type":"string","maxLength":128},"http_status":{"type":"integer","minimum":0,"maximum":999},"dataset_id":{"type":"string","maxLength":256},"scope":{"type":"string","maxLength":256},"declared_read_only":{"type":"boolean"},"declared_destructive":{"type":"boolean"},"declared_idempotent":{"type":"boolean"},"declared_open_world":{"type":"boolean"},"tool_invoke_count":{"type":"integer","minimum":0},"file_access_count":{"type":"integer","minimum":0},"coverage":{"type":"string","enum":["full","partial","none"]},"coverage_reasons":{"type":"array","items":{"type":"string","maxLength":128},"maxItems":8},"effect_count":{"type":"integer","minimum":0},"exec_count":{"type":"integer","minimum":0},"fork_count":{"type":"integer","minimum":0},"exit_count":{"type":"integer","minimum":0},"connect_count":{"type":"integer","minimum":0},"bind_count":{"type":"integer","minimum":0},"send_count":{"type":"integer","minimum":0},"open_read_count":{"type":"integer","minimum":0},"open_write_count":{"type":"integer","minimum":0},"write_count":{"type":"integer","minimum":0},"unlink_count":{"type":"integer","minimum":0},"rename_count":{"type":"integer","minimum":0},"mkdir_count":{"type":"integer","minimum":0},"chmod_count":{"type":"integer","minimum":0},"chown_count":{"type":"integer","minimum":0},"written_bytes":{"type":"integer","minimum":0},"failed_count":{"type":"integer","minimum":0},"tail_count":{"type":"integer","minimum":0},"ambiguous_count":{"type":"integer","minimum":0},"unsolicited_count":{"type":"integer","minimum":0},"exec_paths":{"type":"array","items":{"type":"string","maxLength":1024},"maxItems":16},"connect_targets":{"type":"array","items":{"type":"string","maxLength":256},"maxItems":16},"connect_ips":{"type":"array","items":{"type":"string","maxLength":64},"maxItems":16},"written_paths":{"type":"array","items":{"type":"string","maxLength":1024},"maxItems":16},"removed_paths":{"type":"array","items":{"type":"string","maxLength":1024},"maxItems":16},"read_paths":{"type":"array","items":{"type":"string","maxLength":1024},"maxItems":16},"targets_truncated":{"type":"boolean"},"contradictions":{"type":"array","items":{"type":"string","maxLength":64},"maxItems":8},"effect":{"type":"string","enum":["exec","fork","exit","connect","bind","send","open_read","open_write","write","unlink","rename","mkdir","chmod","chown"]},"path":{"type":"string","maxLength":4352},"new_path":{"type":"string","maxLength":4352},"ip":{"type":"string","maxLength":64},"port":{"type":"integer","minimum":0,"maximum":65535},"address_family":{"type":"string","enum":["ipv4","ipv6","unix","other"]},"exec_args":{"type":"array","items":{"type":"string","maxLength":4096},"maxItems":256},"truncated":{"type":"boolean"},"result":{"type":"string","maxLength":64},"errno":{"type":"integer","minimum":0},"exit_code":{"type":"integer","minimum":0},"exit_signal":{"type":"string","maxLength":32},"child_pid":{"type":"integer","minimum":0},"mode":{"type":"integer","minimum":0},"bytes":{"type":"integer","minimum":0},"event_count":{"type":"integer","minimum":1},"pid":{"type":"integer","minimum":0},"ppid":{"type":"integer","minimum":0},"tid":{"type":"integer","minimum":0},"uid":{"type":"integer","minimum":0},"exe":{"type":"string","maxLength":4352},"comm":{"type":"string","maxLength":64},"container_id":{"type":"string","maxLength":128},"attribution":{"type":"string","enum":["descriptor","descendant","argument","exclusive","ambiguous","tail","startup","idle"]},"candidate_count":{"type":"integer","minimum":0},"candidate_call_ids":{"type":"array","items":{"type":"string","maxLength":192},"maxItems":16},"contradiction":{"type":"string","enum":["read_only_wrote","closed_world_connected","non_destructive_deleted","wrote_outside_arguments","connected_elsewhere"]},"session_event":{"type":"string","enum":["start","end"]},"server_command":{"type":"array","items":{"type":"string","maxLength":4096},"maxItems":256},"call_count":{"type":"integer","minimum":0},"error_count":{"type":"integer","minimum":0},"skipped_messages":{"type":"integer","minimum":0},"skipped_bytes":{"type":"integer","minimum":0},"end_reason":{"type":"string","enum":["server_exit","client_closed","signal","spawn_failed","agent_stop","connection_lost"]},"status_event":{"type":"string","enum":["agent_start","agent_stop","mode_change","loss"]},"lost_ring":{"type":"integer","minimum":0},"lost_addon":{"type":"integer","minimum":0},"lost_js":{"type":"integer","minimum":0},"lost_faults":{"type":"integer","minimum":0},"lost_records":{"type":"integer","minimum":0},"lost_reason":{"type":"string","maxLength":512},"agent_version":{"type":"string","maxLength":64},"kernel_release":{"type":"string","maxLength":128},"run_id":{"type":"string","maxLength":128},"mcp_name":{"type":"string","maxLength":128},"status":{"type":"string","enum":["ok","fail"]},"error_type":{"type":"string","maxLength":128},"decision":{"type":"string","maxLength":64},"approval_id":{"type":"string","maxLength":128}},"allOf":[{"if":{"properties":{"record":{"const":"call"}},"required":["record"]},"then":{"required":["call_id","message_type","direction","outcome","duration_ms","ktime_ns","boot_id","source","observer_mode"]}},{"if":{"properties":{"record":{"const":"effect"}},"required":["record"]},"then":{"required":["effect","attribution","candidate_count","pid","result","ktime_ns","boot_id","observer_mode","coverage"]}},{"if":{"properties":{"record":{"const":"session"}},"required":["record"]},"then":{"required":["session_event","ktime_ns","boot_id","source"]}},{"if":{"properties":{"record":{"const":"status"}},"required":["record"]},"then":{"required":["status_event","observer_mode","ktime_ns","boot_id"]}}]};
function ucs2length(text) {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}
const func1 = ucs2length;

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="urn:mcp-observer:schema:mcp_audit_v1" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs2 = errors;
let valid1 = true;
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.record === undefined) && (missing0 = "record")){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.record !== undefined){
if("call" !== data.record){
const err1 = {};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
}
var _valid0 = _errs3 === errors;
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
if(_valid0){
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.call_id === undefined){
const err2 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "call_id"},message:"must have required property '"+"call_id"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.message_type === undefined){
const err3 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "message_type"},message:"must have required property '"+"message_type"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.direction === undefined){
const err4 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "direction"},message:"must have required property '"+"direction"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.outcome === undefined){
const err5 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "outcome"},message:"must have required property '"+"outcome"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.duration_ms === undefined){
const err6 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "duration_ms"},message:"must have required property '"+"duration_ms"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.ktime_ns === undefined){
const err7 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "ktime_ns"},message:"must have required property '"+"ktime_ns"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.boot_id === undefined){
const err8 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "boot_id"},message:"must have required property '"+"boot_id"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data.source === undefined){
const err9 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "source"},message:"must have required property '"+"source"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.observer_mode === undefined){
const err10 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "observer_mode"},message:"must have required property '"+"observer_mode"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var _valid0 = _errs5 === errors;
valid1 = _valid0;
}
if(!valid1){
const err11 = {instancePath,schemaPath:"#/allOf/0/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
const _errs7 = errors;
let valid3 = true;
const _errs8 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.record === undefined) && (missing1 = "record")){
const err12 = {};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
else {
if(data.record !== undefined){
if("effect" !== data.record){
const err13 = {};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
}
var _valid1 = _errs8 === errors;
errors = _errs7;
if(vErrors !== null){
if(_errs7){
vErrors.length = _errs7;
}
else {
vErrors = null;
}
}
if(_valid1){
const _errs10 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.effect === undefined){
const err14 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "effect"},message:"must have required property '"+"effect"+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data.attribution === undefined){
const err15 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "attribution"},message:"must have required property '"+"attribution"+"'"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data.candidate_count === undefined){
const err16 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "candidate_count"},message:"must have required property '"+"candidate_count"+"'"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data.pid === undefined){
const err17 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "pid"},message:"must have required property '"+"pid"+"'"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data.result === undefined){
const err18 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "result"},message:"must have required property '"+"result"+"'"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data.ktime_ns === undefined){
const err19 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "ktime_ns"},message:"must have required property '"+"ktime_ns"+"'"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data.boot_id === undefined){
const err20 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "boot_id"},message:"must have required property '"+"boot_id"+"'"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data.observer_mode === undefined){
const err21 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "observer_mode"},message:"must have required property '"+"observer_mode"+"'"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data.coverage === undefined){
const err22 = {instancePath,schemaPath:"#/allOf/1/then/required",keyword:"required",params:{missingProperty: "coverage"},message:"must have required property '"+"coverage"+"'"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
var _valid1 = _errs10 === errors;
valid3 = _valid1;
}
if(!valid3){
const err23 = {instancePath,schemaPath:"#/allOf/1/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const _errs12 = errors;
let valid5 = true;
const _errs13 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing2;
if((data.record === undefined) && (missing2 = "record")){
const err24 = {};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
else {
if(data.record !== undefined){
if("session" !== data.record){
const err25 = {};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
}
var _valid2 = _errs13 === errors;
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
if(_valid2){
const _errs15 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.session_event === undefined){
const err26 = {instancePath,schemaPath:"#/allOf/2/then/required",keyword:"required",params:{missingProperty: "session_event"},message:"must have required property '"+"session_event"+"'"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data.ktime_ns === undefined){
const err27 = {instancePath,schemaPath:"#/allOf/2/then/required",keyword:"required",params:{missingProperty: "ktime_ns"},message:"must have required property '"+"ktime_ns"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data.boot_id === undefined){
const err28 = {instancePath,schemaPath:"#/allOf/2/then/required",keyword:"required",params:{missingProperty: "boot_id"},message:"must have required property '"+"boot_id"+"'"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data.source === undefined){
const err29 = {instancePath,schemaPath:"#/allOf/2/then/required",keyword:"required",params:{missingProperty: "source"},message:"must have required property '"+"source"+"'"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
var _valid2 = _errs15 === errors;
valid5 = _valid2;
}
if(!valid5){
const err30 = {instancePath,schemaPath:"#/allOf/2/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
const _errs17 = errors;
let valid7 = true;
const _errs18 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing3;
if((data.record === undefined) && (missing3 = "record")){
const err31 = {};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
else {
if(data.record !== undefined){
if("status" !== data.record){
const err32 = {};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
var _valid3 = _errs18 === errors;
errors = _errs17;
if(vErrors !== null){
if(_errs17){
vErrors.length = _errs17;
}
else {
vErrors = null;
}
}
if(_valid3){
const _errs20 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.status_event === undefined){
const err33 = {instancePath,schemaPath:"#/allOf/3/then/required",keyword:"required",params:{missingProperty: "status_event"},message:"must have required property '"+"status_event"+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data.observer_mode === undefined){
const err34 = {instancePath,schemaPath:"#/allOf/3/then/required",keyword:"required",params:{missingProperty: "observer_mode"},message:"must have required property '"+"observer_mode"+"'"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data.ktime_ns === undefined){
const err35 = {instancePath,schemaPath:"#/allOf/3/then/required",keyword:"required",params:{missingProperty: "ktime_ns"},message:"must have required property '"+"ktime_ns"+"'"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data.boot_id === undefined){
const err36 = {instancePath,schemaPath:"#/allOf/3/then/required",keyword:"required",params:{missingProperty: "boot_id"},message:"must have required property '"+"boot_id"+"'"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
var _valid3 = _errs20 === errors;
valid7 = _valid3;
}
if(!valid7){
const err37 = {instancePath,schemaPath:"#/allOf/3/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.schema_version === undefined){
const err38 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schema_version"},message:"must have required property '"+"schema_version"+"'"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data.record === undefined){
const err39 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "record"},message:"must have required property '"+"record"+"'"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data.timestamp === undefined){
const err40 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "timestamp"},message:"must have required property '"+"timestamp"+"'"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data.session_id === undefined){
const err41 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "session_id"},message:"must have required property '"+"session_id"+"'"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data.client_process === undefined){
const err42 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "client_process"},message:"must have required property '"+"client_process"+"'"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data.server_host === undefined){
const err43 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "server_host"},message:"must have required property '"+"server_host"+"'"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data.server_port === undefined){
const err44 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "server_port"},message:"must have required property '"+"server_port"+"'"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data.tls === undefined){
const err45 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "tls"},message:"must have required property '"+"tls"+"'"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data.method === undefined){
const err46 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "method"},message:"must have required property '"+"method"+"'"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data.schema_version !== undefined){
let data4 = data.schema_version;
if(typeof data4 !== "string"){
const err47 = {instancePath:instancePath+"/schema_version",schemaPath:"#/properties/schema_version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if("1" !== data4){
const err48 = {instancePath:instancePath+"/schema_version",schemaPath:"#/properties/schema_version/const",keyword:"const",params:{allowedValue: "1"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.record !== undefined){
let data5 = data.record;
if(typeof data5 !== "string"){
const err49 = {instancePath:instancePath+"/record",schemaPath:"#/properties/record/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(!((((data5 === "call") || (data5 === "effect")) || (data5 === "session")) || (data5 === "status"))){
const err50 = {instancePath:instancePath+"/record",schemaPath:"#/properties/record/enum",keyword:"enum",params:{allowedValues: schema31.properties.record.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.timestamp !== undefined){
let data6 = data.timestamp;
if(!(typeof data6 == "bigint" ? data6 >= 0n && data6 < 18446744073709551616n : Number.isInteger(data6) && data6 >= 0)){
const err51 = {instancePath:instancePath+"/timestamp",schemaPath:"#/properties/timestamp/x-int64",keyword:"x-int64",params:{},message:"must be an unsigned 64-bit integer"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data.ktime_ns !== undefined){
let data7 = data.ktime_ns;
if(!(typeof data7 == "bigint" ? data7 >= 0n && data7 < 18446744073709551616n : Number.isInteger(data7) && data7 >= 0)){
const err52 = {instancePath:instancePath+"/ktime_ns",schemaPath:"#/properties/ktime_ns/x-int64",keyword:"x-int64",params:{},message:"must be an unsigned 64-bit integer"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data.boot_id !== undefined){
let data8 = data.boot_id;
if(typeof data8 === "string"){
if(func1(data8) > 64){
const err53 = {instancePath:instancePath+"/boot_id",schemaPath:"#/properties/boot_id/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/boot_id",schemaPath:"#/properties/boot_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data.host_name !== undefined){
let data9 = data.host_name;
if(typeof data9 === "string"){
if(func1(data9) > 255){
const err55 = {instancePath:instancePath+"/host_name",schemaPath:"#/properties/host_name/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/host_name",schemaPath:"#/properties/host_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data.session_id !== undefined){
let data10 = data.session_id;
if(typeof data10 === "string"){
if(func1(data10) > 128){
const err57 = {instancePath:instancePath+"/session_id",schemaPath:"#/properties/session_id/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(func1(data10) < 1){
const err58 = {instancePath:instancePath+"/session_id",schemaPath:"#/properties/session_id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/session_id",schemaPath:"#/properties/session_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data.client_process !== undefined){
let data11 = data.client_process;
if(typeof data11 === "string"){
if(func1(data11) > 256){
const err60 = {instancePath:instancePath+"/client_process",schemaPath:"#/properties/client_process/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/client_process",schemaPath:"#/properties/client_process/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data.server_host !== undefined){
let data12 = data.server_host;
if(typeof data12 === "string"){
if(func1(data12) > 256){
const err62 = {instancePath:instancePath+"/server_host",schemaPath:"#/properties/server_host/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/server_host",schemaPath:"#/properties/server_host/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data.server_port !== undefined){
let data13 = data.server_port;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err64 = {instancePath:instancePath+"/server_port",schemaPath:"#/properties/server_port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 65535 || isNaN(data13)){
const err65 = {instancePath:instancePath+"/server_port",schemaPath:"#/properties/server_port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data13 < 0 || isNaN(data13)){
const err66 = {instancePath:instancePath+"/server_port",schemaPath:"#/properties/server_port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
}
if(data.tls !== undefined){
if(typeof data.tls !== "boolean"){
const err67 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data.method !== undefined){
let data15 = data.method;
if(typeof data15 === "string"){
if(func1(data15) > 256){
const err68 = {instancePath:instancePath+"/method",schemaPath:"#/properties/method/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
else {
const err69 = {instancePath:instancePath+"/method",schemaPath:"#/properties/method/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data.transport !== undefined){
let data16 = data.transport;
if(typeof data16 !== "string"){
const err70 = {instancePath:instancePath+"/transport",schemaPath:"#/properties/transport/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(!(((((data16 === "stdio") || (data16 === "tcp")) || (data16 === "ws")) || (data16 === "http")) || (data16 === "sse"))){
const err71 = {instancePath:instancePath+"/transport",schemaPath:"#/properties/transport/enum",keyword:"enum",params:{allowedValues: schema31.properties.transport.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data.source !== undefined){
let data17 = data.source;
if(typeof data17 !== "string"){
const err72 = {instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(!((((((data17 === "wrap") || (data17 === "proxy")) || (data17 === "emitter")) || (data17 === "gateway")) || (data17 === "kernel")) || (data17 === "agent"))){
const err73 = {instancePath:instancePath+"/source",schemaPath:"#/properties/source/enum",keyword:"enum",params:{allowedValues: schema31.properties.source.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data.server_name !== undefined){
let data18 = data.server_name;
if(typeof data18 === "string"){
if(func1(data18) > 256){
const err74 = {instancePath:instancePath+"/server_name",schemaPath:"#/properties/server_name/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/server_name",schemaPath:"#/properties/server_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data.server_pid !== undefined){
let data19 = data.server_pid;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
const err76 = {instancePath:instancePath+"/server_pid",schemaPath:"#/properties/server_pid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 < 0 || isNaN(data19)){
const err77 = {instancePath:instancePath+"/server_pid",schemaPath:"#/properties/server_pid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
if(data.observer_mode !== undefined){
let data20 = data.observer_mode;
if(typeof data20 !== "string"){
const err78 = {instancePath:instancePath+"/observer_mode",schemaPath:"#/properties/observer_mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(!(((data20 === "kernel") || (data20 === "audit")) || (data20 === "off"))){
const err79 = {instancePath:instancePath+"/observer_mode",schemaPath:"#/properties/observer_mode/enum",keyword:"enum",params:{allowedValues: schema31.properties.observer_mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data.observer_reason !== undefined){
let data21 = data.observer_reason;
if(typeof data21 === "string"){
if(func1(data21) > 1024){
const err80 = {instancePath:instancePath+"/observer_reason",schemaPath:"#/properties/observer_reason/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/observer_reason",schemaPath:"#/properties/observer_reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data.protocol_version !== undefined){
let data22 = data.protocol_version;
if(typeof data22 === "string"){
if(func1(data22) > 64){
const err82 = {instancePath:instancePath+"/protocol_version",schemaPath:"#/properties/protocol_version/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/protocol_version",schemaPath:"#/properties/protocol_version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data.client_name !== undefined){
let data23 = data.client_name;
if(typeof data23 === "string"){
if(func1(data23) > 256){
const err84 = {instancePath:instancePath+"/client_name",schemaPath:"#/properties/client_name/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
else {
const err85 = {instancePath:instancePath+"/client_name",schemaPath:"#/properties/client_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data.client_version !== undefined){
let data24 = data.client_version;
if(typeof data24 === "string"){
if(func1(data24) > 128){
const err86 = {instancePath:instancePath+"/client_version",schemaPath:"#/properties/client_version/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/client_version",schemaPath:"#/properties/client_version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data.server_info_name !== undefined){
let data25 = data.server_info_name;
if(typeof data25 === "string"){
if(func1(data25) > 256){
const err88 = {instancePath:instancePath+"/server_info_name",schemaPath:"#/properties/server_info_name/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/server_info_name",schemaPath:"#/properties/server_info_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data.server_info_version !== undefined){
let data26 = data.server_info_version;
if(typeof data26 === "string"){
if(func1(data26) > 128){
const err90 = {instancePath:instancePath+"/server_info_version",schemaPath:"#/properties/server_info_version/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/server_info_version",schemaPath:"#/properties/server_info_version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data.call_id !== undefined){
let data27 = data.call_id;
if(typeof data27 === "string"){
if(func1(data27) > 192){
const err92 = {instancePath:instancePath+"/call_id",schemaPath:"#/properties/call_id/maxLength",keyword:"maxLength",params:{limit: 192},message:"must NOT have more than 192 characters"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/call_id",schemaPath:"#/properties/call_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data.request_id !== undefined){
let data28 = data.request_id;
if(typeof data28 === "string"){
if(func1(data28) > 256){
const err94 = {instancePath:instancePath+"/request_id",schemaPath:"#/properties/request_id/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/request_id",schemaPath:"#/properties/request_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data.message_type !== undefined){
let data29 = data.message_type;
if(typeof data29 !== "string"){
const err96 = {instancePath:instancePath+"/message_type",schemaPath:"#/properties/message_type/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(!(((data29 === "request") || (data29 === "notification")) || (data29 === "invalid"))){
const err97 = {instancePath:instancePath+"/message_type",schemaPath:"#/properties/message_type/enum",keyword:"enum",params:{allowedValues: schema31.properties.message_type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data.direction !== undefined){
let data30 = data.direction;
if(typeof data30 !== "string"){
const err98 = {instancePath:instancePath+"/direction",schemaPath:"#/properties/direction/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(!((data30 === "client_to_server") || (data30 === "server_to_client"))){
const err99 = {instancePath:instancePath+"/direction",schemaPath:"#/properties/direction/enum",keyword:"enum",params:{allowedValues: schema31.properties.direction.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data.tool_name !== undefined){
let data31 = data.tool_name;
if(typeof data31 === "string"){
if(func1(data31) > 256){
const err100 = {instancePath:instancePath+"/tool_name",schemaPath:"#/properties/tool_name/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/tool_name",schemaPath:"#/properties/tool_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data.outcome !== undefined){
let data32 = data.outcome;
if(typeof data32 !== "string"){
const err102 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(!((((((((data32 === "ok") || (data32 === "tool_error")) || (data32 === "error")) || (data32 === "denied")) || (data32 === "approval_required")) || (data32 === "timeout")) || (data32 === "cancelled")) || (data32 === "orphaned"))){
const err103 = {instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema31.properties.outcome.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data.duration_ms !== undefined){
let data33 = data.duration_ms;
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 < 0 || isNaN(data33)){
const err104 = {instancePath:instancePath+"/duration_ms",schemaPath:"#/properties/duration_ms/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/duration_ms",schemaPath:"#/properties/duration_ms/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data.started_ktime_ns !== undefined){
let data34 = data.started_ktime_ns;
if(!(typeof data34 == "bigint" ? data34 >= 0n && data34 < 18446744073709551616n : Number.isInteger(data34) && data34 >= 0)){
const err106 = {instancePath:instancePath+"/started_ktime_ns",schemaPath:"#/properties/started_ktime_ns/x-int64",keyword:"x-int64",params:{},message:"must be an unsigned 64-bit integer"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
if(data.request_bytes !== undefined){
let data35 = data.request_bytes;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err107 = {instancePath:instancePath+"/request_bytes",schemaPath:"#/properties/request_bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 < 0 || isNaN(data35)){
const err108 = {instancePath:instancePath+"/request_bytes",schemaPath:"#/properties/request_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
if(data.response_bytes !== undefined){
let data36 = data.response_bytes;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err109 = {instancePath:instancePath+"/response_bytes",schemaPath:"#/properties/response_bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 < 0 || isNaN(data36)){
const err110 = {instancePath:instancePath+"/response_bytes",schemaPath:"#/properties/response_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
}
if(data.error_code !== undefined){
let data37 = data.error_code;
if(typeof data37 === "string"){
if(func1(data37) > 64){
const err111 = {instancePath:instancePath+"/error_code",schemaPath:"#/properties/error_code/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
else {
const err112 = {instancePath:instancePath+"/error_code",schemaPath:"#/properties/error_code/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data.auth_scheme !== undefined){
let data38 = data.auth_scheme;
if(typeof data38 !== "string"){
const err113 = {instancePath:instancePath+"/auth_scheme",schemaPath:"#/properties/auth_scheme/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(!(((((data38 === "none") || (data38 === "basic")) || (data38 === "bearer")) || (data38 === "mtls")) || (data38 === "other"))){
const err114 = {instancePath:instancePath+"/auth_scheme",schemaPath:"#/properties/auth_scheme/enum",keyword:"enum",params:{allowedValues: schema31.properties.auth_scheme.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data.cert_fingerprint !== undefined){
let data39 = data.cert_fingerprint;
if(typeof data39 === "string"){
if(func1(data39) > 128){
const err115 = {instancePath:instancePath+"/cert_fingerprint",schemaPath:"#/properties/cert_fingerprint/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
else {
const err116 = {instancePath:instancePath+"/cert_fingerprint",schemaPath:"#/properties/cert_fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
if(data.http_status !== undefined){
let data40 = data.http_status;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err117 = {instancePath:instancePath+"/http_status",schemaPath:"#/properties/http_status/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 > 999 || isNaN(data40)){
const err118 = {instancePath:instancePath+"/http_status",schemaPath:"#/properties/http_status/maximum",keyword:"maximum",params:{comparison: "<=", limit: 999},message:"must be <= 999"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(data40 < 0 || isNaN(data40)){
const err119 = {instancePath:instancePath+"/http_status",schemaPath:"#/properties/http_status/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
}
if(data.dataset_id !== undefined){
let data41 = data.dataset_id;
if(typeof data41 === "string"){
if(func1(data41) > 256){
const err120 = {instancePath:instancePath+"/dataset_id",schemaPath:"#/properties/dataset_id/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
else {
const err121 = {instancePath:instancePath+"/dataset_id",schemaPath:"#/properties/dataset_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data.scope !== undefined){
let data42 = data.scope;
if(typeof data42 === "string"){
if(func1(data42) > 256){
const err122 = {instancePath:instancePath+"/scope",schemaPath:"#/properties/scope/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
else {
const err123 = {instancePath:instancePath+"/scope",schemaPath:"#/properties/scope/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
if(data.declared_read_only !== undefined){
if(typeof data.declared_read_only !== "boolean"){
const err124 = {instancePath:instancePath+"/declared_read_only",schemaPath:"#/properties/declared_read_only/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data.declared_destructive !== undefined){
if(typeof data.declared_destructive !== "boolean"){
const err125 = {instancePath:instancePath+"/declared_destructive",schemaPath:"#/properties/declared_destructive/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data.declared_idempotent !== undefined){
if(typeof data.declared_idempotent !== "boolean"){
const err126 = {instancePath:instancePath+"/declared_idempotent",schemaPath:"#/properties/declared_idempotent/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
if(data.declared_open_world !== undefined){
if(typeof data.declared_open_world !== "boolean"){
const err127 = {instancePath:instancePath+"/declared_open_world",schemaPath:"#/properties/declared_open_world/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data.tool_invoke_count !== undefined){
let data47 = data.tool_invoke_count;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err128 = {instancePath:instancePath+"/tool_invoke_count",schemaPath:"#/properties/tool_invoke_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 < 0 || isNaN(data47)){
const err129 = {instancePath:instancePath+"/tool_invoke_count",schemaPath:"#/properties/tool_invoke_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
}
if(data.file_access_count !== undefined){
let data48 = data.file_access_count;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err130 = {instancePath:instancePath+"/file_access_count",schemaPath:"#/properties/file_access_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 < 0 || isNaN(data48)){
const err131 = {instancePath:instancePath+"/file_access_count",schemaPath:"#/properties/file_access_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
}
if(data.coverage !== undefined){
let data49 = data.coverage;
if(typeof data49 !== "string"){
const err132 = {instancePath:instancePath+"/coverage",schemaPath:"#/properties/coverage/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(!(((data49 === "full") || (data49 === "partial")) || (data49 === "none"))){
const err133 = {instancePath:instancePath+"/coverage",schemaPath:"#/properties/coverage/enum",keyword:"enum",params:{allowedValues: schema31.properties.coverage.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data.coverage_reasons !== undefined){
let data50 = data.coverage_reasons;
if(Array.isArray(data50)){
if(data50.length > 8){
const err134 = {instancePath:instancePath+"/coverage_reasons",schemaPath:"#/properties/coverage_reasons/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
const len0 = data50.length;
for(let i0=0; i0<len0; i0++){
let data51 = data50[i0];
if(typeof data51 === "string"){
if(func1(data51) > 128){
const err135 = {instancePath:instancePath+"/coverage_reasons/" + i0,schemaPath:"#/properties/coverage_reasons/items/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
else {
const err136 = {instancePath:instancePath+"/coverage_reasons/" + i0,schemaPath:"#/properties/coverage_reasons/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
}
else {
const err137 = {instancePath:instancePath+"/coverage_reasons",schemaPath:"#/properties/coverage_reasons/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data.effect_count !== undefined){
let data52 = data.effect_count;
if(!(((typeof data52 == "number") && (!(data52 % 1) && !isNaN(data52))) && (isFinite(data52)))){
const err138 = {instancePath:instancePath+"/effect_count",schemaPath:"#/properties/effect_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if((typeof data52 == "number") && (isFinite(data52))){
if(data52 < 0 || isNaN(data52)){
const err139 = {instancePath:instancePath+"/effect_count",schemaPath:"#/properties/effect_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
}
if(data.exec_count !== undefined){
let data53 = data.exec_count;
if(!(((typeof data53 == "number") && (!(data53 % 1) && !isNaN(data53))) && (isFinite(data53)))){
const err140 = {instancePath:instancePath+"/exec_count",schemaPath:"#/properties/exec_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
if((typeof data53 == "number") && (isFinite(data53))){
if(data53 < 0 || isNaN(data53)){
const err141 = {instancePath:instancePath+"/exec_count",schemaPath:"#/properties/exec_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
}
if(data.fork_count !== undefined){
let data54 = data.fork_count;
if(!(((typeof data54 == "number") && (!(data54 % 1) && !isNaN(data54))) && (isFinite(data54)))){
const err142 = {instancePath:instancePath+"/fork_count",schemaPath:"#/properties/fork_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if((typeof data54 == "number") && (isFinite(data54))){
if(data54 < 0 || isNaN(data54)){
const err143 = {instancePath:instancePath+"/fork_count",schemaPath:"#/properties/fork_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
}
if(data.exit_count !== undefined){
let data55 = data.exit_count;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
const err144 = {instancePath:instancePath+"/exit_count",schemaPath:"#/properties/exit_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 < 0 || isNaN(data55)){
const err145 = {instancePath:instancePath+"/exit_count",schemaPath:"#/properties/exit_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
}
if(data.connect_count !== undefined){
let data56 = data.connect_count;
if(!(((typeof data56 == "number") && (!(data56 % 1) && !isNaN(data56))) && (isFinite(data56)))){
const err146 = {instancePath:instancePath+"/connect_count",schemaPath:"#/properties/connect_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if((typeof data56 == "number") && (isFinite(data56))){
if(data56 < 0 || isNaN(data56)){
const err147 = {instancePath:instancePath+"/connect_count",schemaPath:"#/properties/connect_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
if(data.bind_count !== undefined){
let data57 = data.bind_count;
if(!(((typeof data57 == "number") && (!(data57 % 1) && !isNaN(data57))) && (isFinite(data57)))){
const err148 = {instancePath:instancePath+"/bind_count",schemaPath:"#/properties/bind_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if((typeof data57 == "number") && (isFinite(data57))){
if(data57 < 0 || isNaN(data57)){
const err149 = {instancePath:instancePath+"/bind_count",schemaPath:"#/properties/bind_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
if(data.send_count !== undefined){
let data58 = data.send_count;
if(!(((typeof data58 == "number") && (!(data58 % 1) && !isNaN(data58))) && (isFinite(data58)))){
const err150 = {instancePath:instancePath+"/send_count",schemaPath:"#/properties/send_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
if((typeof data58 == "number") && (isFinite(data58))){
if(data58 < 0 || isNaN(data58)){
const err151 = {instancePath:instancePath+"/send_count",schemaPath:"#/properties/send_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
}
if(data.open_read_count !== undefined){
let data59 = data.open_read_count;
if(!(((typeof data59 == "number") && (!(data59 % 1) && !isNaN(data59))) && (isFinite(data59)))){
const err152 = {instancePath:instancePath+"/open_read_count",schemaPath:"#/properties/open_read_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if((typeof data59 == "number") && (isFinite(data59))){
if(data59 < 0 || isNaN(data59)){
const err153 = {instancePath:instancePath+"/open_read_count",schemaPath:"#/properties/open_read_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
}
if(data.open_write_count !== undefined){
let data60 = data.open_write_count;
if(!(((typeof data60 == "number") && (!(data60 % 1) && !isNaN(data60))) && (isFinite(data60)))){
const err154 = {instancePath:instancePath+"/open_write_count",schemaPath:"#/properties/open_write_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if((typeof data60 == "number") && (isFinite(data60))){
if(data60 < 0 || isNaN(data60)){
const err155 = {instancePath:instancePath+"/open_write_count",schemaPath:"#/properties/open_write_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
}
if(data.write_count !== undefined){
let data61 = data.write_count;
if(!(((typeof data61 == "number") && (!(data61 % 1) && !isNaN(data61))) && (isFinite(data61)))){
const err156 = {instancePath:instancePath+"/write_count",schemaPath:"#/properties/write_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if((typeof data61 == "number") && (isFinite(data61))){
if(data61 < 0 || isNaN(data61)){
const err157 = {instancePath:instancePath+"/write_count",schemaPath:"#/properties/write_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
}
if(data.unlink_count !== undefined){
let data62 = data.unlink_count;
if(!(((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62))) && (isFinite(data62)))){
const err158 = {instancePath:instancePath+"/unlink_count",schemaPath:"#/properties/unlink_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 < 0 || isNaN(data62)){
const err159 = {instancePath:instancePath+"/unlink_count",schemaPath:"#/properties/unlink_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
}
if(data.rename_count !== undefined){
let data63 = data.rename_count;
if(!(((typeof data63 == "number") && (!(data63 % 1) && !isNaN(data63))) && (isFinite(data63)))){
const err160 = {instancePath:instancePath+"/rename_count",schemaPath:"#/properties/rename_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if((typeof data63 == "number") && (isFinite(data63))){
if(data63 < 0 || isNaN(data63)){
const err161 = {instancePath:instancePath+"/rename_count",schemaPath:"#/properties/rename_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
if(data.mkdir_count !== undefined){
let data64 = data.mkdir_count;
if(!(((typeof data64 == "number") && (!(data64 % 1) && !isNaN(data64))) && (isFinite(data64)))){
const err162 = {instancePath:instancePath+"/mkdir_count",schemaPath:"#/properties/mkdir_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
if((typeof data64 == "number") && (isFinite(data64))){
if(data64 < 0 || isNaN(data64)){
const err163 = {instancePath:instancePath+"/mkdir_count",schemaPath:"#/properties/mkdir_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
}
if(data.chmod_count !== undefined){
let data65 = data.chmod_count;
if(!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))){
const err164 = {instancePath:instancePath+"/chmod_count",schemaPath:"#/properties/chmod_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 < 0 || isNaN(data65)){
const err165 = {instancePath:instancePath+"/chmod_count",schemaPath:"#/properties/chmod_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
if(data.chown_count !== undefined){
let data66 = data.chown_count;
if(!(((typeof data66 == "number") && (!(data66 % 1) && !isNaN(data66))) && (isFinite(data66)))){
const err166 = {instancePath:instancePath+"/chown_count",schemaPath:"#/properties/chown_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if((typeof data66 == "number") && (isFinite(data66))){
if(data66 < 0 || isNaN(data66)){
const err167 = {instancePath:instancePath+"/chown_count",schemaPath:"#/properties/chown_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
}
if(data.written_bytes !== undefined){
let data67 = data.written_bytes;
if(!(((typeof data67 == "number") && (!(data67 % 1) && !isNaN(data67))) && (isFinite(data67)))){
const err168 = {instancePath:instancePath+"/written_bytes",schemaPath:"#/properties/written_bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if((typeof data67 == "number") && (isFinite(data67))){
if(data67 < 0 || isNaN(data67)){
const err169 = {instancePath:instancePath+"/written_bytes",schemaPath:"#/properties/written_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
}
if(data.failed_count !== undefined){
let data68 = data.failed_count;
if(!(((typeof data68 == "number") && (!(data68 % 1) && !isNaN(data68))) && (isFinite(data68)))){
const err170 = {instancePath:instancePath+"/failed_count",schemaPath:"#/properties/failed_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if((typeof data68 == "number") && (isFinite(data68))){
if(data68 < 0 || isNaN(data68)){
const err171 = {instancePath:instancePath+"/failed_count",schemaPath:"#/properties/failed_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
}
if(data.tail_count !== undefined){
let data69 = data.tail_count;
if(!(((typeof data69 == "number") && (!(data69 % 1) && !isNaN(data69))) && (isFinite(data69)))){
const err172 = {instancePath:instancePath+"/tail_count",schemaPath:"#/properties/tail_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if((typeof data69 == "number") && (isFinite(data69))){
if(data69 < 0 || isNaN(data69)){
const err173 = {instancePath:instancePath+"/tail_count",schemaPath:"#/properties/tail_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
}
if(data.ambiguous_count !== undefined){
let data70 = data.ambiguous_count;
if(!(((typeof data70 == "number") && (!(data70 % 1) && !isNaN(data70))) && (isFinite(data70)))){
const err174 = {instancePath:instancePath+"/ambiguous_count",schemaPath:"#/properties/ambiguous_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
if((typeof data70 == "number") && (isFinite(data70))){
if(data70 < 0 || isNaN(data70)){
const err175 = {instancePath:instancePath+"/ambiguous_count",schemaPath:"#/properties/ambiguous_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
}
if(data.unsolicited_count !== undefined){
let data71 = data.unsolicited_count;
if(!(((typeof data71 == "number") && (!(data71 % 1) && !isNaN(data71))) && (isFinite(data71)))){
const err176 = {instancePath:instancePath+"/unsolicited_count",schemaPath:"#/properties/unsolicited_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if((typeof data71 == "number") && (isFinite(data71))){
if(data71 < 0 || isNaN(data71)){
const err177 = {instancePath:instancePath+"/unsolicited_count",schemaPath:"#/properties/unsolicited_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
}
if(data.exec_paths !== undefined){
let data72 = data.exec_paths;
if(Array.isArray(data72)){
if(data72.length > 16){
const err178 = {instancePath:instancePath+"/exec_paths",schemaPath:"#/properties/exec_paths/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
const len1 = data72.length;
for(let i1=0; i1<len1; i1++){
let data73 = data72[i1];
if(typeof data73 === "string"){
if(func1(data73) > 1024){
const err179 = {instancePath:instancePath+"/exec_paths/" + i1,schemaPath:"#/properties/exec_paths/items/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
else {
const err180 = {instancePath:instancePath+"/exec_paths/" + i1,schemaPath:"#/properties/exec_paths/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
else {
const err181 = {instancePath:instancePath+"/exec_paths",schemaPath:"#/properties/exec_paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
if(data.connect_targets !== undefined){
let data74 = data.connect_targets;
if(Array.isArray(data74)){
if(data74.length > 16){
const err182 = {instancePath:instancePath+"/connect_targets",schemaPath:"#/properties/connect_targets/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
const len2 = data74.length;
for(let i2=0; i2<len2; i2++){
let data75 = data74[i2];
if(typeof data75 === "string"){
if(func1(data75) > 256){
const err183 = {instancePath:instancePath+"/connect_targets/" + i2,schemaPath:"#/properties/connect_targets/items/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
else {
const err184 = {instancePath:instancePath+"/connect_targets/" + i2,schemaPath:"#/properties/connect_targets/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
}
else {
const err185 = {instancePath:instancePath+"/connect_targets",schemaPath:"#/properties/connect_targets/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
if(data.connect_ips !== undefined){
let data76 = data.connect_ips;
if(Array.isArray(data76)){
if(data76.length > 16){
const err186 = {instancePath:instancePath+"/connect_ips",schemaPath:"#/properties/connect_ips/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
const len3 = data76.length;
for(let i3=0; i3<len3; i3++){
let data77 = data76[i3];
if(typeof data77 === "string"){
if(func1(data77) > 64){
const err187 = {instancePath:instancePath+"/connect_ips/" + i3,schemaPath:"#/properties/connect_ips/items/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
else {
const err188 = {instancePath:instancePath+"/connect_ips/" + i3,schemaPath:"#/properties/connect_ips/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
}
else {
const err189 = {instancePath:instancePath+"/connect_ips",schemaPath:"#/properties/connect_ips/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data.written_paths !== undefined){
let data78 = data.written_paths;
if(Array.isArray(data78)){
if(data78.length > 16){
const err190 = {instancePath:instancePath+"/written_paths",schemaPath:"#/properties/written_paths/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
const len4 = data78.length;
for(let i4=0; i4<len4; i4++){
let data79 = data78[i4];
if(typeof data79 === "string"){
if(func1(data79) > 1024){
const err191 = {instancePath:instancePath+"/written_paths/" + i4,schemaPath:"#/properties/written_paths/items/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
else {
const err192 = {instancePath:instancePath+"/written_paths/" + i4,schemaPath:"#/properties/written_paths/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
}
else {
const err193 = {instancePath:instancePath+"/written_paths",schemaPath:"#/properties/written_paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data.removed_paths !== undefined){
let data80 = data.removed_paths;
if(Array.isArray(data80)){
if(data80.length > 16){
const err194 = {instancePath:instancePath+"/removed_paths",schemaPath:"#/properties/removed_paths/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
const len5 = data80.length;
for(let i5=0; i5<len5; i5++){
let data81 = data80[i5];
if(typeof data81 === "string"){
if(func1(data81) > 1024){
const err195 = {instancePath:instancePath+"/removed_paths/" + i5,schemaPath:"#/properties/removed_paths/items/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
else {
const err196 = {instancePath:instancePath+"/removed_paths/" + i5,schemaPath:"#/properties/removed_paths/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
}
else {
const err197 = {instancePath:instancePath+"/removed_paths",schemaPath:"#/properties/removed_paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data.read_paths !== undefined){
let data82 = data.read_paths;
if(Array.isArray(data82)){
if(data82.length > 16){
const err198 = {instancePath:instancePath+"/read_paths",schemaPath:"#/properties/read_paths/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
const len6 = data82.length;
for(let i6=0; i6<len6; i6++){
let data83 = data82[i6];
if(typeof data83 === "string"){
if(func1(data83) > 1024){
const err199 = {instancePath:instancePath+"/read_paths/" + i6,schemaPath:"#/properties/read_paths/items/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
else {
const err200 = {instancePath:instancePath+"/read_paths/" + i6,schemaPath:"#/properties/read_paths/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
}
else {
const err201 = {instancePath:instancePath+"/read_paths",schemaPath:"#/properties/read_paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
if(data.targets_truncated !== undefined){
if(typeof data.targets_truncated !== "boolean"){
const err202 = {instancePath:instancePath+"/targets_truncated",schemaPath:"#/properties/targets_truncated/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
if(data.contradictions !== undefined){
let data85 = data.contradictions;
if(Array.isArray(data85)){
if(data85.length > 8){
const err203 = {instancePath:instancePath+"/contradictions",schemaPath:"#/properties/contradictions/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
const len7 = data85.length;
for(let i7=0; i7<len7; i7++){
let data86 = data85[i7];
if(typeof data86 === "string"){
if(func1(data86) > 64){
const err204 = {instancePath:instancePath+"/contradictions/" + i7,schemaPath:"#/properties/contradictions/items/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
else {
const err205 = {instancePath:instancePath+"/contradictions/" + i7,schemaPath:"#/properties/contradictions/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
}
else {
const err206 = {instancePath:instancePath+"/contradictions",schemaPath:"#/properties/contradictions/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
if(data.effect !== undefined){
let data87 = data.effect;
if(typeof data87 !== "string"){
const err207 = {instancePath:instancePath+"/effect",schemaPath:"#/properties/effect/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
if(!((((((((((((((data87 === "exec") || (data87 === "fork")) || (data87 === "exit")) || (data87 === "connect")) || (data87 === "bind")) || (data87 === "send")) || (data87 === "open_read")) || (data87 === "open_write")) || (data87 === "write")) || (data87 === "unlink")) || (data87 === "rename")) || (data87 === "mkdir")) || (data87 === "chmod")) || (data87 === "chown"))){
const err208 = {instancePath:instancePath+"/effect",schemaPath:"#/properties/effect/enum",keyword:"enum",params:{allowedValues: schema31.properties.effect.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
if(data.path !== undefined){
let data88 = data.path;
if(typeof data88 === "string"){
if(func1(data88) > 4352){
const err209 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/maxLength",keyword:"maxLength",params:{limit: 4352},message:"must NOT have more than 4352 characters"};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
else {
const err210 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
}
if(data.new_path !== undefined){
let data89 = data.new_path;
if(typeof data89 === "string"){
if(func1(data89) > 4352){
const err211 = {instancePath:instancePath+"/new_path",schemaPath:"#/properties/new_path/maxLength",keyword:"maxLength",params:{limit: 4352},message:"must NOT have more than 4352 characters"};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
else {
const err212 = {instancePath:instancePath+"/new_path",schemaPath:"#/properties/new_path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
if(data.ip !== undefined){
let data90 = data.ip;
if(typeof data90 === "string"){
if(func1(data90) > 64){
const err213 = {instancePath:instancePath+"/ip",schemaPath:"#/properties/ip/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
else {
const err214 = {instancePath:instancePath+"/ip",schemaPath:"#/properties/ip/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
if(data.port !== undefined){
let data91 = data.port;
if(!(((typeof data91 == "number") && (!(data91 % 1) && !isNaN(data91))) && (isFinite(data91)))){
const err215 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
if((typeof data91 == "number") && (isFinite(data91))){
if(data91 > 65535 || isNaN(data91)){
const err216 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data91 < 0 || isNaN(data91)){
const err217 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
}
if(data.address_family !== undefined){
let data92 = data.address_family;
if(typeof data92 !== "string"){
const err218 = {instancePath:instancePath+"/address_family",schemaPath:"#/properties/address_family/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
if(!((((data92 === "ipv4") || (data92 === "ipv6")) || (data92 === "unix")) || (data92 === "other"))){
const err219 = {instancePath:instancePath+"/address_family",schemaPath:"#/properties/address_family/enum",keyword:"enum",params:{allowedValues: schema31.properties.address_family.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
if(data.exec_args !== undefined){
let data93 = data.exec_args;
if(Array.isArray(data93)){
if(data93.length > 256){
const err220 = {instancePath:instancePath+"/exec_args",schemaPath:"#/properties/exec_args/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items"};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
const len8 = data93.length;
for(let i8=0; i8<len8; i8++){
let data94 = data93[i8];
if(typeof data94 === "string"){
if(func1(data94) > 4096){
const err221 = {instancePath:instancePath+"/exec_args/" + i8,schemaPath:"#/properties/exec_args/items/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
else {
const err222 = {instancePath:instancePath+"/exec_args/" + i8,schemaPath:"#/properties/exec_args/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
}
else {
const err223 = {instancePath:instancePath+"/exec_args",schemaPath:"#/properties/exec_args/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
if(data.truncated !== undefined){
if(typeof data.truncated !== "boolean"){
const err224 = {instancePath:instancePath+"/truncated",schemaPath:"#/properties/truncated/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
if(data.result !== undefined){
let data96 = data.result;
if(typeof data96 === "string"){
if(func1(data96) > 64){
const err225 = {instancePath:instancePath+"/result",schemaPath:"#/properties/result/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
else {
const err226 = {instancePath:instancePath+"/result",schemaPath:"#/properties/result/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
if(data.errno !== undefined){
let data97 = data.errno;
if(!(((typeof data97 == "number") && (!(data97 % 1) && !isNaN(data97))) && (isFinite(data97)))){
const err227 = {instancePath:instancePath+"/errno",schemaPath:"#/properties/errno/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
if((typeof data97 == "number") && (isFinite(data97))){
if(data97 < 0 || isNaN(data97)){
const err228 = {instancePath:instancePath+"/errno",schemaPath:"#/properties/errno/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
}
}
if(data.exit_code !== undefined){
let data98 = data.exit_code;
if(!(((typeof data98 == "number") && (!(data98 % 1) && !isNaN(data98))) && (isFinite(data98)))){
const err229 = {instancePath:instancePath+"/exit_code",schemaPath:"#/properties/exit_code/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
if((typeof data98 == "number") && (isFinite(data98))){
if(data98 < 0 || isNaN(data98)){
const err230 = {instancePath:instancePath+"/exit_code",schemaPath:"#/properties/exit_code/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
}
}
if(data.exit_signal !== undefined){
let data99 = data.exit_signal;
if(typeof data99 === "string"){
if(func1(data99) > 32){
const err231 = {instancePath:instancePath+"/exit_signal",schemaPath:"#/properties/exit_signal/maxLength",keyword:"maxLength",params:{limit: 32},message:"must NOT have more than 32 characters"};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
else {
const err232 = {instancePath:instancePath+"/exit_signal",schemaPath:"#/properties/exit_signal/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
if(data.child_pid !== undefined){
let data100 = data.child_pid;
if(!(((typeof data100 == "number") && (!(data100 % 1) && !isNaN(data100))) && (isFinite(data100)))){
const err233 = {instancePath:instancePath+"/child_pid",schemaPath:"#/properties/child_pid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
if((typeof data100 == "number") && (isFinite(data100))){
if(data100 < 0 || isNaN(data100)){
const err234 = {instancePath:instancePath+"/child_pid",schemaPath:"#/properties/child_pid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
}
if(data.mode !== undefined){
let data101 = data.mode;
if(!(((typeof data101 == "number") && (!(data101 % 1) && !isNaN(data101))) && (isFinite(data101)))){
const err235 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
if((typeof data101 == "number") && (isFinite(data101))){
if(data101 < 0 || isNaN(data101)){
const err236 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
}
if(data.bytes !== undefined){
let data102 = data.bytes;
if(!(((typeof data102 == "number") && (!(data102 % 1) && !isNaN(data102))) && (isFinite(data102)))){
const err237 = {instancePath:instancePath+"/bytes",schemaPath:"#/properties/bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
if((typeof data102 == "number") && (isFinite(data102))){
if(data102 < 0 || isNaN(data102)){
const err238 = {instancePath:instancePath+"/bytes",schemaPath:"#/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
}
if(data.event_count !== undefined){
let data103 = data.event_count;
if(!(((typeof data103 == "number") && (!(data103 % 1) && !isNaN(data103))) && (isFinite(data103)))){
const err239 = {instancePath:instancePath+"/event_count",schemaPath:"#/properties/event_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
if((typeof data103 == "number") && (isFinite(data103))){
if(data103 < 1 || isNaN(data103)){
const err240 = {instancePath:instancePath+"/event_count",schemaPath:"#/properties/event_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
}
if(data.pid !== undefined){
let data104 = data.pid;
if(!(((typeof data104 == "number") && (!(data104 % 1) && !isNaN(data104))) && (isFinite(data104)))){
const err241 = {instancePath:instancePath+"/pid",schemaPath:"#/properties/pid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
if((typeof data104 == "number") && (isFinite(data104))){
if(data104 < 0 || isNaN(data104)){
const err242 = {instancePath:instancePath+"/pid",schemaPath:"#/properties/pid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
}
if(data.ppid !== undefined){
let data105 = data.ppid;
if(!(((typeof data105 == "number") && (!(data105 % 1) && !isNaN(data105))) && (isFinite(data105)))){
const err243 = {instancePath:instancePath+"/ppid",schemaPath:"#/properties/ppid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
if((typeof data105 == "number") && (isFinite(data105))){
if(data105 < 0 || isNaN(data105)){
const err244 = {instancePath:instancePath+"/ppid",schemaPath:"#/properties/ppid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
}
}
if(data.tid !== undefined){
let data106 = data.tid;
if(!(((typeof data106 == "number") && (!(data106 % 1) && !isNaN(data106))) && (isFinite(data106)))){
const err245 = {instancePath:instancePath+"/tid",schemaPath:"#/properties/tid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
if((typeof data106 == "number") && (isFinite(data106))){
if(data106 < 0 || isNaN(data106)){
const err246 = {instancePath:instancePath+"/tid",schemaPath:"#/properties/tid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
}
if(data.uid !== undefined){
let data107 = data.uid;
if(!(((typeof data107 == "number") && (!(data107 % 1) && !isNaN(data107))) && (isFinite(data107)))){
const err247 = {instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
if((typeof data107 == "number") && (isFinite(data107))){
if(data107 < 0 || isNaN(data107)){
const err248 = {instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
}
}
if(data.exe !== undefined){
let data108 = data.exe;
if(typeof data108 === "string"){
if(func1(data108) > 4352){
const err249 = {instancePath:instancePath+"/exe",schemaPath:"#/properties/exe/maxLength",keyword:"maxLength",params:{limit: 4352},message:"must NOT have more than 4352 characters"};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
}
else {
const err250 = {instancePath:instancePath+"/exe",schemaPath:"#/properties/exe/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
}
if(data.comm !== undefined){
let data109 = data.comm;
if(typeof data109 === "string"){
if(func1(data109) > 64){
const err251 = {instancePath:instancePath+"/comm",schemaPath:"#/properties/comm/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
}
else {
const err252 = {instancePath:instancePath+"/comm",schemaPath:"#/properties/comm/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
}
if(data.container_id !== undefined){
let data110 = data.container_id;
if(typeof data110 === "string"){
if(func1(data110) > 128){
const err253 = {instancePath:instancePath+"/container_id",schemaPath:"#/properties/container_id/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
}
else {
const err254 = {instancePath:instancePath+"/container_id",schemaPath:"#/properties/container_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
}
if(data.attribution !== undefined){
let data111 = data.attribution;
if(typeof data111 !== "string"){
const err255 = {instancePath:instancePath+"/attribution",schemaPath:"#/properties/attribution/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
if(!((((((((data111 === "descriptor") || (data111 === "descendant")) || (data111 === "argument")) || (data111 === "exclusive")) || (data111 === "ambiguous")) || (data111 === "tail")) || (data111 === "startup")) || (data111 === "idle"))){
const err256 = {instancePath:instancePath+"/attribution",schemaPath:"#/properties/attribution/enum",keyword:"enum",params:{allowedValues: schema31.properties.attribution.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
}
if(data.candidate_count !== undefined){
let data112 = data.candidate_count;
if(!(((typeof data112 == "number") && (!(data112 % 1) && !isNaN(data112))) && (isFinite(data112)))){
const err257 = {instancePath:instancePath+"/candidate_count",schemaPath:"#/properties/candidate_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
if((typeof data112 == "number") && (isFinite(data112))){
if(data112 < 0 || isNaN(data112)){
const err258 = {instancePath:instancePath+"/candidate_count",schemaPath:"#/properties/candidate_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
}
}
if(data.candidate_call_ids !== undefined){
let data113 = data.candidate_call_ids;
if(Array.isArray(data113)){
if(data113.length > 16){
const err259 = {instancePath:instancePath+"/candidate_call_ids",schemaPath:"#/properties/candidate_call_ids/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
const len9 = data113.length;
for(let i9=0; i9<len9; i9++){
let data114 = data113[i9];
if(typeof data114 === "string"){
if(func1(data114) > 192){
const err260 = {instancePath:instancePath+"/candidate_call_ids/" + i9,schemaPath:"#/properties/candidate_call_ids/items/maxLength",keyword:"maxLength",params:{limit: 192},message:"must NOT have more than 192 characters"};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
}
else {
const err261 = {instancePath:instancePath+"/candidate_call_ids/" + i9,schemaPath:"#/properties/candidate_call_ids/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
}
}
else {
const err262 = {instancePath:instancePath+"/candidate_call_ids",schemaPath:"#/properties/candidate_call_ids/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
}
if(data.contradiction !== undefined){
let data115 = data.contradiction;
if(typeof data115 !== "string"){
const err263 = {instancePath:instancePath+"/contradiction",schemaPath:"#/properties/contradiction/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
if(!(((((data115 === "read_only_wrote") || (data115 === "closed_world_connected")) || (data115 === "non_destructive_deleted")) || (data115 === "wrote_outside_arguments")) || (data115 === "connected_elsewhere"))){
const err264 = {instancePath:instancePath+"/contradiction",schemaPath:"#/properties/contradiction/enum",keyword:"enum",params:{allowedValues: schema31.properties.contradiction.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
}
if(data.session_event !== undefined){
let data116 = data.session_event;
if(typeof data116 !== "string"){
const err265 = {instancePath:instancePath+"/session_event",schemaPath:"#/properties/session_event/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
if(!((data116 === "start") || (data116 === "end"))){
const err266 = {instancePath:instancePath+"/session_event",schemaPath:"#/properties/session_event/enum",keyword:"enum",params:{allowedValues: schema31.properties.session_event.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
}
if(data.server_command !== undefined){
let data117 = data.server_command;
if(Array.isArray(data117)){
if(data117.length > 256){
const err267 = {instancePath:instancePath+"/server_command",schemaPath:"#/properties/server_command/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items"};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
const len10 = data117.length;
for(let i10=0; i10<len10; i10++){
let data118 = data117[i10];
if(typeof data118 === "string"){
if(func1(data118) > 4096){
const err268 = {instancePath:instancePath+"/server_command/" + i10,schemaPath:"#/properties/server_command/items/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
}
else {
const err269 = {instancePath:instancePath+"/server_command/" + i10,schemaPath:"#/properties/server_command/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
}
}
else {
const err270 = {instancePath:instancePath+"/server_command",schemaPath:"#/properties/server_command/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
}
if(data.call_count !== undefined){
let data119 = data.call_count;
if(!(((typeof data119 == "number") && (!(data119 % 1) && !isNaN(data119))) && (isFinite(data119)))){
const err271 = {instancePath:instancePath+"/call_count",schemaPath:"#/properties/call_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
}
if((typeof data119 == "number") && (isFinite(data119))){
if(data119 < 0 || isNaN(data119)){
const err272 = {instancePath:instancePath+"/call_count",schemaPath:"#/properties/call_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
}
}
if(data.error_count !== undefined){
let data120 = data.error_count;
if(!(((typeof data120 == "number") && (!(data120 % 1) && !isNaN(data120))) && (isFinite(data120)))){
const err273 = {instancePath:instancePath+"/error_count",schemaPath:"#/properties/error_count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
if((typeof data120 == "number") && (isFinite(data120))){
if(data120 < 0 || isNaN(data120)){
const err274 = {instancePath:instancePath+"/error_count",schemaPath:"#/properties/error_count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
}
if(data.skipped_messages !== undefined){
let data121 = data.skipped_messages;
if(!(((typeof data121 == "number") && (!(data121 % 1) && !isNaN(data121))) && (isFinite(data121)))){
const err275 = {instancePath:instancePath+"/skipped_messages",schemaPath:"#/properties/skipped_messages/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
if((typeof data121 == "number") && (isFinite(data121))){
if(data121 < 0 || isNaN(data121)){
const err276 = {instancePath:instancePath+"/skipped_messages",schemaPath:"#/properties/skipped_messages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
}
if(data.skipped_bytes !== undefined){
let data122 = data.skipped_bytes;
if(!(((typeof data122 == "number") && (!(data122 % 1) && !isNaN(data122))) && (isFinite(data122)))){
const err277 = {instancePath:instancePath+"/skipped_bytes",schemaPath:"#/properties/skipped_bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
if((typeof data122 == "number") && (isFinite(data122))){
if(data122 < 0 || isNaN(data122)){
const err278 = {instancePath:instancePath+"/skipped_bytes",schemaPath:"#/properties/skipped_bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
}
}
if(data.end_reason !== undefined){
let data123 = data.end_reason;
if(typeof data123 !== "string"){
const err279 = {instancePath:instancePath+"/end_reason",schemaPath:"#/properties/end_reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
if(!((((((data123 === "server_exit") || (data123 === "client_closed")) || (data123 === "signal")) || (data123 === "spawn_failed")) || (data123 === "agent_stop")) || (data123 === "connection_lost"))){
const err280 = {instancePath:instancePath+"/end_reason",schemaPath:"#/properties/end_reason/enum",keyword:"enum",params:{allowedValues: schema31.properties.end_reason.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
}
if(data.status_event !== undefined){
let data124 = data.status_event;
if(typeof data124 !== "string"){
const err281 = {instancePath:instancePath+"/status_event",schemaPath:"#/properties/status_event/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
if(!((((data124 === "agent_start") || (data124 === "agent_stop")) || (data124 === "mode_change")) || (data124 === "loss"))){
const err282 = {instancePath:instancePath+"/status_event",schemaPath:"#/properties/status_event/enum",keyword:"enum",params:{allowedValues: schema31.properties.status_event.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
}
if(data.lost_ring !== undefined){
let data125 = data.lost_ring;
if(!(((typeof data125 == "number") && (!(data125 % 1) && !isNaN(data125))) && (isFinite(data125)))){
const err283 = {instancePath:instancePath+"/lost_ring",schemaPath:"#/properties/lost_ring/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
if((typeof data125 == "number") && (isFinite(data125))){
if(data125 < 0 || isNaN(data125)){
const err284 = {instancePath:instancePath+"/lost_ring",schemaPath:"#/properties/lost_ring/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
}
}
if(data.lost_addon !== undefined){
let data126 = data.lost_addon;
if(!(((typeof data126 == "number") && (!(data126 % 1) && !isNaN(data126))) && (isFinite(data126)))){
const err285 = {instancePath:instancePath+"/lost_addon",schemaPath:"#/properties/lost_addon/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
if((typeof data126 == "number") && (isFinite(data126))){
if(data126 < 0 || isNaN(data126)){
const err286 = {instancePath:instancePath+"/lost_addon",schemaPath:"#/properties/lost_addon/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
}
}
if(data.lost_js !== undefined){
let data127 = data.lost_js;
if(!(((typeof data127 == "number") && (!(data127 % 1) && !isNaN(data127))) && (isFinite(data127)))){
const err287 = {instancePath:instancePath+"/lost_js",schemaPath:"#/properties/lost_js/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
if((typeof data127 == "number") && (isFinite(data127))){
if(data127 < 0 || isNaN(data127)){
const err288 = {instancePath:instancePath+"/lost_js",schemaPath:"#/properties/lost_js/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
}
}
if(data.lost_faults !== undefined){
let data128 = data.lost_faults;
if(!(((typeof data128 == "number") && (!(data128 % 1) && !isNaN(data128))) && (isFinite(data128)))){
const err289 = {instancePath:instancePath+"/lost_faults",schemaPath:"#/properties/lost_faults/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
if((typeof data128 == "number") && (isFinite(data128))){
if(data128 < 0 || isNaN(data128)){
const err290 = {instancePath:instancePath+"/lost_faults",schemaPath:"#/properties/lost_faults/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
}
}
if(data.lost_records !== undefined){
let data129 = data.lost_records;
if(!(((typeof data129 == "number") && (!(data129 % 1) && !isNaN(data129))) && (isFinite(data129)))){
const err291 = {instancePath:instancePath+"/lost_records",schemaPath:"#/properties/lost_records/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
if((typeof data129 == "number") && (isFinite(data129))){
if(data129 < 0 || isNaN(data129)){
const err292 = {instancePath:instancePath+"/lost_records",schemaPath:"#/properties/lost_records/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
}
}
if(data.lost_reason !== undefined){
let data130 = data.lost_reason;
if(typeof data130 === "string"){
if(func1(data130) > 512){
const err293 = {instancePath:instancePath+"/lost_reason",schemaPath:"#/properties/lost_reason/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
}
else {
const err294 = {instancePath:instancePath+"/lost_reason",schemaPath:"#/properties/lost_reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
}
if(data.agent_version !== undefined){
let data131 = data.agent_version;
if(typeof data131 === "string"){
if(func1(data131) > 64){
const err295 = {instancePath:instancePath+"/agent_version",schemaPath:"#/properties/agent_version/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
}
else {
const err296 = {instancePath:instancePath+"/agent_version",schemaPath:"#/properties/agent_version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
}
if(data.kernel_release !== undefined){
let data132 = data.kernel_release;
if(typeof data132 === "string"){
if(func1(data132) > 128){
const err297 = {instancePath:instancePath+"/kernel_release",schemaPath:"#/properties/kernel_release/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
}
else {
const err298 = {instancePath:instancePath+"/kernel_release",schemaPath:"#/properties/kernel_release/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
}
if(data.run_id !== undefined){
let data133 = data.run_id;
if(typeof data133 === "string"){
if(func1(data133) > 128){
const err299 = {instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
else {
const err300 = {instancePath:instancePath+"/run_id",schemaPath:"#/properties/run_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
}
if(data.mcp_name !== undefined){
let data134 = data.mcp_name;
if(typeof data134 === "string"){
if(func1(data134) > 128){
const err301 = {instancePath:instancePath+"/mcp_name",schemaPath:"#/properties/mcp_name/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
}
else {
const err302 = {instancePath:instancePath+"/mcp_name",schemaPath:"#/properties/mcp_name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
if(data.status !== undefined){
let data135 = data.status;
if(typeof data135 !== "string"){
const err303 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
if(!((data135 === "ok") || (data135 === "fail"))){
const err304 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
}
if(data.error_type !== undefined){
let data136 = data.error_type;
if(typeof data136 === "string"){
if(func1(data136) > 128){
const err305 = {instancePath:instancePath+"/error_type",schemaPath:"#/properties/error_type/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err305];
}
else {
vErrors.push(err305);
}
errors++;
}
}
else {
const err306 = {instancePath:instancePath+"/error_type",schemaPath:"#/properties/error_type/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err306];
}
else {
vErrors.push(err306);
}
errors++;
}
}
if(data.decision !== undefined){
let data137 = data.decision;
if(typeof data137 === "string"){
if(func1(data137) > 64){
const err307 = {instancePath:instancePath+"/decision",schemaPath:"#/properties/decision/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err307];
}
else {
vErrors.push(err307);
}
errors++;
}
}
else {
const err308 = {instancePath:instancePath+"/decision",schemaPath:"#/properties/decision/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err308];
}
else {
vErrors.push(err308);
}
errors++;
}
}
if(data.approval_id !== undefined){
let data138 = data.approval_id;
if(typeof data138 === "string"){
if(func1(data138) > 128){
const err309 = {instancePath:instancePath+"/approval_id",schemaPath:"#/properties/approval_id/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err309];
}
else {
vErrors.push(err309);
}
errors++;
}
}
else {
const err310 = {instancePath:instancePath+"/approval_id",schemaPath:"#/properties/approval_id/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err310];
}
else {
vErrors.push(err310);
}
errors++;
}
}
}
else {
const err311 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err311];
}
else {
vErrors.push(err311);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
