using KerasCompat.Containers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Rewrites the architecture of any Keras generation into the canonical form.</summary>
public static class Canonicalization
{
    /// <summary>Rewrites an architecture as a file holds it.</summary>
    /// <param name="model">The JSON, <c>{"class_name", "config", …}</c>; it is not changed.</param>
    /// <param name="options">What the file says beside it.</param>
    /// <exception cref="ResourceLimitException">Models nest deeper than the limits allow.</exception>
    public static CanonicalModel Run(JObject model, DialectOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Generation generation = Generation.Of(model, options.KerasVersion);
        var context = new DialectContext(generation, options, model);
        JObject root = Rewriting.Root(model, context);
        SharedObjects.Mark(root);
        return new CanonicalModel(root, context.Describe(), context.Problems);
    }

    /// <summary>Rewrites the architecture of a file.</summary>
    /// <param name="architecture">The file that holds the architecture.</param>
    /// <param name="weights">The file that holds the weights, where it is another.</param>
    /// <exception cref="ModelFormatException">The file holds no architecture.</exception>
    /// <exception cref="ResourceLimitException">Models nest deeper than the limits allow.</exception>
    public static CanonicalModel Run(KerasFile architecture, KerasFile? weights = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        JObject model = architecture.Config ?? throw new ModelFormatException(
            architecture.Name, "no architecture", "a model's JSON", "name the file that holds the architecture beside this one");
        return Run(model, DialectOptions.For(architecture, weights));
    }
}
