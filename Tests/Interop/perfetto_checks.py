"""What Perfetto's trace processor demands of a trace of track events, held against every packet.

The demands are those of `trace_packet.proto` and `track_event.proto`, with the message classes that Perfetto publishes:
https://perfetto.dev/docs/reference/synthetic-track-event.
"""

import collections

from google.protobuf import unknown_fields
from perfetto.protos.perfetto.trace import perfetto_trace_pb2

Event = perfetto_trace_pb2.TrackEvent
Packet = perfetto_trace_pb2.TracePacket
INTERNED = ("event_names", "event_categories", "debug_annotation_names")


def require(condition, message):
    if not condition:
        raise AssertionError(message)


def has_unknown(message):
    """Whether a field is unknown, has another wire type than the published one, or an enumeration a value unheard of."""
    if len(unknown_fields.UnknownFieldSet(message)):
        return True
    return any(
        has_unknown(inner)
        for field, value in message.ListFields() if field.message_type
        for inner in (value if field.is_repeated else [value]))


class Slice:
    def __init__(self, track, name, start):
        self.track, self.name, self.start, self.end = track, name, start, None
        self.sources, self.sinks, self.annotations = [], [], set()


class Checked:
    """A trace that keeps to the demands: its slices in the order of their beginnings, and what else it has."""

    def __init__(self, data):
        self.trace = perfetto_trace_pb2.Trace()
        self.trace.ParseFromString(data)
        self.tracks, self.slices, self.counters = {}, [], collections.defaultdict(list)
        self.instants, self.sources, self.sinks = 0, {}, {}
        self._interned, self._isCleared = {kind: {} for kind in INTERNED}, False
        events = [event for index, packet in enumerate(self.trace.packet) if (event := self._read(index, packet))]
        self._check_clock()
        for uuid, track in self.tracks.items():
            require(not track.HasField("parent_uuid") or track.parent_uuid in self.tracks, f"the parent of track {uuid}")
        # As the trace processor sorts them: by time, and by their place in the file where the times are the same.
        events.sort(key=lambda entry: entry[:2])
        self._nest(events)
        self._check_flows()
        self._check_counters()

    def _read(self, index, packet):
        """Checks a packet by itself and in its place; an event with its time."""
        require(not has_unknown(packet), f"packet {index} has a field that Perfetto does not know")
        require(packet.trusted_packet_sequence_id > 0, f"packet {index} is of no sequence")
        if packet.sequence_flags & Packet.SEQ_INCREMENTAL_STATE_CLEARED:
            self._interned = {kind: {} for kind in INTERNED}
            self._isCleared = True
        for kind in INTERNED:
            for entry in getattr(packet.interned_data, kind):
                require(entry.iid > 0 and entry.iid not in self._interned[kind], f"{kind} {entry.iid} is interned once")
                self._interned[kind][entry.iid] = entry.name
        if packet.HasField("track_descriptor"):
            track = packet.track_descriptor
            require(track.uuid > 0 and track.uuid not in self.tracks, f"track {track.uuid} is described once")
            self.tracks[track.uuid] = track
        if not packet.HasField("track_event"):
            return None
        event = packet.track_event
        require(packet.timestamp > 0, f"event {index} has a time")
        require(self._isCleared and packet.sequence_flags & Packet.SEQ_NEEDS_INCREMENTAL_STATE,
                f"event {index} needs the names before it, and says so")
        require(event.track_uuid in self.tracks, f"the track of event {index} is described before it")
        for kind, iids in (
            ("event_names", [event.name_iid] if event.HasField("name_iid") else []),
            ("event_categories", event.category_iids),
            ("debug_annotation_names", [one.name_iid for one in event.debug_annotations]),
        ):
            require(all(iid in self._interned[kind] for iid in iids), f"the names of event {index} were interned")
        isCounter = self.tracks[event.track_uuid].HasField("counter")
        require(isCounter == (event.type == Event.TYPE_COUNTER), f"event {index} suits its track")
        require(event.type in (Event.TYPE_SLICE_END, Event.TYPE_COUNTER) or event.name_iid, f"event {index} has a name")
        return packet.timestamp, index, event

    def _check_clock(self):
        snapshots = [packet.clock_snapshot for packet in self.trace.packet if packet.HasField("clock_snapshot")]
        clocks = {packet.trace_packet_defaults.timestamp_clock_id for packet in self.trace.packet
                  if packet.HasField("trace_packet_defaults")}
        require(len(snapshots) == 1 and clocks == {snapshots[0].primary_trace_clock}, "one clock, which times are by")
        require({clock.clock_id for clock in snapshots[0].clocks} == clocks, "the clock has a reading")

    def _nest(self, events):
        """Slices of a track lie in each other or apart: an end is of the innermost that is open."""
        names, annotated = self._interned["event_names"], self._interned["debug_annotation_names"]
        open_slices = collections.defaultdict(list)
        for time, index, event in events:
            if event.type == Event.TYPE_SLICE_BEGIN:
                slice = Slice(event.track_uuid, names[event.name_iid], time)
                open_slices[event.track_uuid].append(slice)
                self.slices.append(slice)
            elif event.type == Event.TYPE_SLICE_END:
                require(open_slices[event.track_uuid], f"the end {index} is of a slice that began")
                slice = open_slices[event.track_uuid].pop()
                slice.end = time
            elif event.type == Event.TYPE_COUNTER:
                self.counters[event.track_uuid].append((time, event.counter_value))
                continue
            else:
                self.instants += 1
                continue
            slice.sources += event.flow_ids
            slice.sinks += event.terminating_flow_ids
            slice.annotations |= {annotated[one.name_iid] for one in event.debug_annotations}
        self.endless = [slice for rows in open_slices.values() for slice in rows]

    def _check_flows(self):
        for slice in self.slices:
            for flow in slice.sources:
                require(flow > 0 and flow not in self.sources, f"flow {flow} leaves once")
                self.sources[flow] = slice
            for flow in slice.sinks:
                require(flow not in self.sinks, f"flow {flow} arrives once")
                self.sinks[flow] = slice
        for flow, slice in self.sinks.items():
            require(flow in self.sources, f"flow {flow} has a source")
            require(self.sources[flow].start <= slice.start and self.sources[flow].track != slice.track,
                    f"flow {flow} leads forward, to another thread")

    def _check_counters(self):
        for uuid, values in self.counters.items():
            name = self.tracks[uuid].name
            require(all(value >= 0 for _, value in values), f"{name}: no value is below zero")
            times = [time for time, _ in values]
            require(times == sorted(times), f"{name}: times go forward")
            if name.startswith(("tasks of ", "tokens of ")):
                counts = [value for _, value in values]
                require(counts == sorted(counts), f"{name}: what was completed stays completed")

    def name(self, uuid):
        """What a track is called."""
        track = self.tracks[uuid]
        return (track.thread.thread_name if track.HasField("thread")
                else track.process.process_name if track.HasField("process") else track.name)
