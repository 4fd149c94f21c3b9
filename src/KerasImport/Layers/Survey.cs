using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// What stands in the way of a model's calls: a call that fails does not keep those behind it from being looked at, so that all of it is
/// named at once.
/// </summary>
internal sealed class Survey
{
    private readonly List<Problem> _unsupported = [];
    private ModelFormatException? _wrong;

    /// <summary>The result of a call; null where it fails, which is kept.</summary>
    public Structure? Try(Func<Structure> call)
    {
        try
        {
            return call();
        }
        catch (UnsupportedModelException e)
        {
            _unsupported.AddRange(e.Problems.Except(_unsupported));
        }
        catch (ModelFormatException e)
        {
            _wrong ??= e;
        }

        return null;
    }

    /// <summary>A stand-in for the input that the file says a layer was built for; null where it says nothing, or where nothing has failed.</summary>
    public Structure? Presumed(GraphBuilder graph, Layer consumer)
    {
        if ((_unsupported.Count == 0 && _wrong is null && consumer.Config.Factory.Problems.Count == 0)
            || consumer.Config.Json["build_config"]?["input_shape"] is not JArray { Count: > 0 } shape
            || shape.Any(d => d.Type is not (JTokenType.Integer or JTokenType.Null)))
        {
            return null;
        }

        IEnumerable<Dim> dims = shape.Select((d, axis) => d.Type == JTokenType.Integer ? (Dim)(int)d : axis == 0 ? Dim.Symbol("batch") : graph.FreshSymbol("presumed"));
        return new KerasTensor(graph.Input("presumed", consumer.Policy.Compute, new SymbolicShape(dims)));
    }

    /// <summary>Fails where a call failed. What does not fit together may follow from what is lacking, so it counts only by itself.</summary>
    /// <exception cref="UnsupportedModelException">Something is lacking.</exception>
    /// <exception cref="ModelFormatException">Nothing is lacking, and something does not fit together.</exception>
    public void ThrowIfAny()
    {
        if (_unsupported.Count > 0)
        {
            throw new UnsupportedModelException(_unsupported);
        }

        if (_wrong is not null)
        {
            throw new ModelFormatException(_wrong.Problem, _wrong);
        }
    }
}
