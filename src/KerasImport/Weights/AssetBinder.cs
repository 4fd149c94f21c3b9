using KerasCompat.Containers;
using KerasCompat.Layers;

namespace KerasCompat.Weights;

/// <summary>Hands to layers, before they are called, what decides their graph: the asset files of a <c>.keras</c> archive (vocabularies) and stored arrays that are no weights.</summary>
/// <remarks>An asset lies under the path of its layer, which is made of class names like the paths of weights.</remarks>
internal static class AssetBinder
{
    /// <summary>The ways in which versions make a group's name of a container and a class. A file keeps to one of them.</summary>
    private static readonly (string Container, Func<string, string> Snake)[] Namings =
        [.. ObjectNames.Containers.SelectMany(container => ObjectNames.SnakeCases.Select(snake => (container, snake)))];

    public static void Bind(Network model, KerasFile file) => Bind(model, [.. Namings.Select(_ => string.Empty)], file.Assets, file.Weights as PathWeights);

    // The paths are the layer's, one under each naming.
    private static void Bind(Layer layer, IReadOnlyList<string> paths, IReadOnlyDictionary<string, byte[]> assets, PathWeights? weights)
    {
        if (layer is IAssetLayer owner)
        {
            owner.LoadAssets(name => paths.Select(path => assets.GetValueOrDefault($"{path}/{name}")).FirstOrDefault(bytes => bytes is not null));
        }

        if (layer is IStoredStateLayer keeper && weights is not null
            && paths.Select(path => weights.Groups.GetValueOrDefault(path)).FirstOrDefault(group => group is not null) is { } group)
        {
            keeper.LoadState([.. group.Arrays.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value.Read())]);
        }

        if (layer is Network network)
        {
            Layer[] layers = [.. network.Layers];
            string[][] names = [.. Namings.Select(n => ObjectNames.Numbered(layers.Select(l => n.Snake(l.ClassName))).Select(name => $"{n.Container}/{name}").ToArray())];
            for (int i = 0; i < layers.Length; i++)
            {
                Bind(layers[i], [.. paths.Select((path, naming) => ObjectNames.Join(path, names[naming][i]))], assets, weights);
            }

            return;
        }

        foreach (Sublayer sublayer in layer.Sublayers)
        {
            Bind(sublayer.Layer, [.. paths.Select(path => ObjectNames.Join(path, sublayer.Attribute))], assets, weights);
        }
    }
}
