using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>A model's architecture in the one form that the layers read, <c>docs/canonical-config.md</c>.</summary>
/// <param name="Root">The model object: <c>kind</c>, <c>class_name</c>, <c>name</c>, <c>config</c>.</param>
/// <param name="Generation">Who wrote the architecture, for display: <c>tf.keras 2.15.0</c>.</param>
/// <param name="Problems">All that stands in the way found so far, in the order of the file; empty where the form is whole.</param>
public sealed record CanonicalModel(JObject Root, string Generation, IReadOnlyList<Problem> Problems);
