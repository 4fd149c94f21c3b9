using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>
/// Reads everything that can be reached in a file: a digest of each object (<c>/a/b</c>) and attribute (<c>/a/b@name</c>), or
/// <c>error: …</c> where the library reported one. Walks as the survey of generate/hdf5_bad.py does; other exceptions come through.
/// </summary>
internal sealed class Survey
{
    private const int MostObjects = 5000;
    private const long LargestRead = 64 << 20;
    private const int Deepest = 60;

    private readonly HashSet<long> seen = [];

    private Survey()
    {
    }

    /// <summary>What was found, by path.</summary>
    public Dictionary<string, string> Found { get; } = [];

    /// <summary>Why the file could not be opened; null where it could.</summary>
    public string? Error { get; private set; }

    public static Survey Of(byte[] file, string name)
    {
        var survey = new Survey();
        try
        {
            using var opened = Hdf5File.Open(new MemoryStream(file), name);
            survey.Visit(opened.Root, "");
        }
        catch (KerasCompatException e)
        {
            survey.Error = e.Message;
        }

        return survey;
    }

    public static bool IsError(string found) => found.StartsWith("error", StringComparison.Ordinal);

    private static bool IsSafe(Hdf5Dataset dataset) =>
        dataset.Dimensions.Aggregate((double)dataset.Type.Size, (product, n) => product * n) <= LargestRead;

    private static string Digest(JToken description, Hdf5Value? value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.UTF8.GetBytes(description.ToString(Formatting.None)));
        Append(hash, value);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Hdf5Value? value)
    {
        switch (value)
        {
            case Hdf5NumberValue numbers:
                hash.AppendData(numbers.Bytes);
                break;
            case Hdf5TextValue texts:
                foreach (var item in texts.Items)
                {
                    hash.AppendData(BitConverter.GetBytes(item.Length));
                    hash.AppendData(item);
                }

                break;
            case Hdf5OpaqueValue opaque:
                hash.AppendData(opaque.Bytes);
                break;
            case Hdf5CompoundValue compound:
                foreach (var (name, field) in compound.Fields)
                {
                    hash.AppendData(Encoding.UTF8.GetBytes(name));
                    Append(hash, field);
                }

                break;
            case Hdf5SequenceValue sequences:
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', sequences.Lengths)));
                Append(hash, sequences.Items);
                break;
            case Hdf5ReferenceValue references:
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', references.Targets)));
                break;
        }
    }

    private void Note(string path, Func<string> read)
    {
        try
        {
            Found[path] = read();
        }
        catch (KerasCompatException e)
        {
            Found[path] = "error: " + e.Message;
        }
    }

    private void Visit(Hdf5Object found, string path)
    {
        if (Found.Count > MostObjects || path.Count(c => c == '/') > Deepest)
        {
            return;
        }

        try
        {
            foreach (var attribute in found.Attributes.Values)
            {
                Note($"{path}@{attribute.Name}", () => Digest(
                    new JArray(Description.Of(attribute.Type), Description.Of(attribute.SpaceKind, attribute.Dimensions, attribute.MaxDimensions)),
                    attribute.IsNull ? null : attribute.ReadValue()));
            }
        }
        catch (KerasCompatException e)
        {
            Found[path + "@"] = "error: " + e.Message;
        }

        switch (found)
        {
            case Hdf5Dataset dataset:
                Note(path, () => Read(dataset));
                break;
            case Hdf5NamedType named:
                Note(path, () => Digest(Description.Of(named.Type), null));
                break;
            case Hdf5Group group when !seen.Add(group.Address):
                Found[path] = "seen";
                break;
            case Hdf5Group group:
                Group(group, path);
                break;
        }
    }

    private static string Read(Hdf5Dataset dataset)
    {
        var description = new JArray(
            Description.Of(dataset.Type), Description.Of(dataset.SpaceKind, dataset.Dimensions, dataset.MaxDimensions),
            dataset.Layout.ToString(), new JArray(dataset.ChunkDimensions), Description.Of(dataset.Filters));
        return !IsSafe(dataset) ? "error: not read" : Digest(description, dataset.IsNull ? null : dataset.ReadValue());
    }

    private void Group(Hdf5Group group, string path)
    {
        var name = path.Length == 0 ? "/" : path;
        try
        {
            var links = group.Links;
            Found[name] = $"group of {links.Count}";
            foreach (var link in links)
            {
                var child = $"{path}/{link.Name}";
                if (link.Kind != Hdf5LinkKind.Hard)
                {
                    Found[child] = "link to " + link.TargetPath;
                    continue;
                }

                try
                {
                    Visit(group[link.Name], child);
                }
                catch (KerasCompatException e)
                {
                    Found[child] = "error: " + e.Message;
                }
            }
        }
        catch (KerasCompatException e)
        {
            Found[name] = "error: " + e.Message;
        }
    }
}
