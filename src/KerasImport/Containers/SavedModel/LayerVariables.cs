using System.Globalization;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>The variables of a layer of a SavedModel, in the order in which Keras lists them: <c>trainable_weights + non_trainable_weights</c>.</summary>
/// <remarks>
/// Keras saves the two lists with each layer, under <c>keras_api</c>. Layers that are always made anew from their config (preprocessing) have none:
/// theirs are those of the model's lists that they hold. Saved with <c>save_traces=False</c> there are no lists at all: then the order is that in
/// which the layer came to hold its variables, its own before those of layers inside it, as <c>base_layer.py</c> gathers them.
/// </remarks>
internal sealed class LayerVariables
{
    private const string Lists = "keras_api", Trainable = "trainable_variables", NonTrainable = "non_trainable_variables";

    /// <summary>What SavedModels hold of a layer beside what the layer holds itself.</summary>
    private static readonly HashSet<string> Views =
    [
        Lists, Trainable, NonTrainable, "variables", "regularization_losses", "layers", "metrics", "layer_regularization_losses", "layer_metrics", "signatures", "states", "optimizer",
    ];

    private static readonly HashSet<string> Containers = ["trackable_list_wrapper", "trackable_dict_wrapper", "trackable_tuple_wrapper"];

    private readonly IReadOnlyList<SavedObject> _objects;
    private readonly KerasMetadata _metadata;
    private readonly ReadLimits _limits;
    private readonly string _place;
    private readonly IReadOnlyList<int>? _ofModel;
    private long _steps;

    public LayerVariables(IReadOnlyList<SavedObject> objects, KerasMetadata metadata, string place, ReadLimits limits)
    {
        (_objects, _metadata, _place, _limits) = (objects, metadata, place, limits);
        _ofModel = Listed(0);
    }

    /// <summary>The numbers of the layer's variables, in order.</summary>
    /// <exception cref="ResourceLimitException">Many layers share many objects: looking for theirs would take longer than the limits allow.</exception>
    public IReadOnlyList<int> Of(int layer)
    {
        if (Listed(layer) is { } listed)
        {
            return listed;
        }

        (List<int> trainable, List<int> others) = ([], []);
        Gather(layer, isFrozen: false, trainable, others, [], depth: 0);
        int[] held = [.. trainable.Concat(others).Distinct()];
        Step(_ofModel?.Count ?? 0);
        return _ofModel is null ? held : [.. _ofModel.Intersect(held)];
    }

    /// <summary>Objects may be shared: a small file can have more ways than objects.</summary>
    private void Step(int objects)
    {
        _limits.CancellationToken.ThrowIfCancellationRequested();
        _steps += objects;
        if (_steps > _limits.MaxObjects)
        {
            throw new ResourceLimitException(_place, $"layers that share what they hold, more than {_limits.MaxObjects} objects in all", $"at most {_limits.MaxObjects}");
        }
    }

    private List<int>? Listed(int layer)
    {
        if (_objects[layer].Child(Lists) is not { } lists || _objects[lists].Child(Trainable) is not { } trainable || _objects[lists].Child(NonTrainable) is not { } others)
        {
            return null;
        }

        Step(_objects[trainable].Children.Count + _objects[others].Children.Count);
        return [.. Elements(trainable).Concat(Elements(others)).Distinct()];
    }

    private IEnumerable<int> Elements(int list) => _objects[list].Children
        .Select(child => (child.Node, Place: int.TryParse(child.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : -1))
        .Where(child => child.Place >= 0)
        .OrderBy(child => child.Place)
        .Select(child => child.Node);

    private void Gather(int layer, bool isFrozen, List<int> trainable, List<int> others, HashSet<int> seen, int depth)
    {
        // A layer is met where another holds it first; the rest of its ways are passed over, cycles among them.
        if (!seen.Add(layer))
        {
            return;
        }

        if (depth > _limits.MaxDepth)
        {
            throw new ResourceLimitException(_place, $"layers nested deeper than {_limits.MaxDepth} levels", $"at most {_limits.MaxDepth}");
        }

        isFrozen |= _metadata.Of(layer)?["trainable"] is JValue { Value: false };
        (List<int> own, List<int> layers) = ([], []);
        Scan(layer, own, layers, seen);
        trainable.AddRange(own.Where(v => !isFrozen && _objects[v].Variable!.IsTrainable));
        others.AddRange(isFrozen ? own.OrderBy(v => _objects[v].Variable!.IsTrainable ? 0 : 1) : own.Where(v => !_objects[v].Variable!.IsTrainable));
        foreach (int inner in layers)
        {
            Gather(inner, isFrozen, trainable, others, seen, depth + 1);
        }
    }

    /// <summary>What an object holds itself or in lists: variables, and layers.</summary>
    private void Scan(int holder, List<int> variables, List<int> layers, HashSet<int> seen)
    {
        var open = new Stack<IEnumerator<ObjectReference>>([_objects[holder].Children.Where(child => !Views.Contains(child.Name)).GetEnumerator()]);
        while (open.TryPeek(out IEnumerator<ObjectReference>? children))
        {
            if (!children.MoveNext())
            {
                open.Pop();
                continue;
            }

            Step(1);
            int node = children.Current.Node;
            if (_objects[node].Variable is not null)
            {
                variables.Add(node);
            }
            else if (_metadata.Has(node))
            {
                layers.Add(node);
            }
            else if (Containers.Contains(_objects[node].Identifier ?? string.Empty) && seen.Add(node))
            {
                open.Push(_objects[node].Children.GetEnumerator());
            }
        }
    }
}
