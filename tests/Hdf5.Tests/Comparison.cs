using System.Buffers.Binary;
using System.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Hdf5.Tests;

/// <summary>Compares an open file with the manifest and arrays that h5py wrote of it, and lists what differs.</summary>
internal sealed class Comparison(Npz expected)
{
    /// <summary>What differs, with its path.</summary>
    public List<string> Differences { get; } = [];

    /// <summary>What was refused by name, by path.</summary>
    public Dictionary<string, UnsupportedModelException> Refused { get; } = [];

    public int Values { get; private set; }

    public void Object(Hdf5Object found, JObject row)
    {
        Attributes(found, (JArray)row["attrs"]!);
        switch ((string)row["kind"]!)
        {
            case "group" when found is Hdf5Group group:
                Group(group, row);
                break;
            case "dataset" when found is Hdf5Dataset dataset:
                Dataset(dataset, row);
                break;
            case "datatype" when found is Hdf5NamedType named:
                Json(found.Path, Description.Of(named.Type), row["type"]!);
                break;
            default:
                Differences.Add($"{found.Path}: {found.GetType().Name}, not {row["kind"]}");
                break;
        }
    }

    private void Attributes(Hdf5Object found, JArray rows)
    {
        Same(found.Path, found.Attributes.Keys.Order(StringComparer.Ordinal), rows.Select(r => (string)r["name"]!).Order(StringComparer.Ordinal));
        foreach (var row in rows.Cast<JObject>())
        {
            var attribute = found.Attributes[(string)row["name"]!];
            var path = $"{found.Path}@{attribute.Name}";
            Json(path, Description.Of(attribute.Type), row["type"]!);
            Json(path, Description.Of(attribute.SpaceKind, attribute.Dimensions, attribute.MaxDimensions), row["space"]!);
            Value(path, attribute.ReadValue, attribute.IsNull, row["value"]!);
        }
    }

    private void Group(Hdf5Group group, JObject row)
    {
        var rows = row["links"]!.Cast<JObject>().ToList();
        Same(group.Path, group.Names, rows.Select(r => (string)r["name"]!).Order(StringComparer.Ordinal));
        if (row["order"] is JArray order)
        {
            Same(group.Path + " in order", group.NamesInCreationOrder ?? [], order.Select(n => (string)n!));
        }

        var links = group.Links.ToDictionary(l => l.Name);
        foreach (var link in rows.Where(r => links.ContainsKey((string)r["name"]!)))
        {
            var name = (string)link["name"]!;
            var path = group.Path.TrimEnd('/') + "/" + name;
            var found = links[name];
            Same(path, [found.Kind.ToString().ToLowerInvariant()], [(string)link["link"]!]);
            switch (found.Kind)
            {
                case Hdf5LinkKind.Hard when link["object"] is JObject child:
                    Object(group[name], child);
                    break;
                case Hdf5LinkKind.Hard:
                    Same(path, [group[name].Address.ToString()], [group[(string)link["same_as"]!].Address.ToString()]);
                    break;
                default:
                    Same(path, [found.TargetPath ?? "", found.TargetFile ?? ""], [(string)link["path"]!, (string?)link["file"] ?? ""]);
                    break;
            }
        }
    }

    private void Dataset(Hdf5Dataset dataset, JObject row)
    {
        Json(dataset.Path, Description.Of(dataset.Type), row["type"]!);
        Json(dataset.Path, Description.Of(dataset.SpaceKind, dataset.Dimensions, dataset.MaxDimensions), row["space"]!);
        Same(dataset.Path, [dataset.Layout.ToString().ToLowerInvariant()], [(string)row["layout"]!]);
        var filters = (JArray)row["filters"]!.DeepClone();
        foreach (var filter in filters)
        {
            filter["values"] = new JArray(filter["values"]!.Take(Description.MostParameters));
        }

        Json(dataset.Path, Description.Of(dataset.Filters), filters);
        Json(dataset.Path, new JArray(dataset.ChunkDimensions), row["chunk"] ?? new JArray());
        Value(dataset.Path, dataset.ReadValue, dataset.IsNull, row["value"]!);
    }

    private void Value(string path, Func<Hdf5Value> read, bool isNull, JToken row)
    {
        if (isNull || row.Type == JTokenType.Null)
        {
            Same(path, [isNull.ToString()], [(row.Type == JTokenType.Null).ToString()]);
            return;
        }

        try
        {
            var value = read();
            Values++;
            if (row["error"] is not null)
            {
                Differences.Add($"{path}: a value, where h5py says {row["error"]}");
            }
            else
            {
                Value(path, value, (JObject)row);
            }
        }
        catch (UnsupportedModelException e)
        {
            Refused.Add(path, e);
        }
        catch (KerasCompatException) when (row["error"] is not null)
        {
        }
    }

    private void Value(string path, Hdf5Value value, JObject row)
    {
        switch (value)
        {
            case Hdf5NumberValue numbers when row["array"] is { } name:
                Numbers(path, numbers, expected[(string)name!]);
                break;
            case Hdf5TextValue texts when row["array"] is { } name:
                Same(path, texts.Strings.Select(t => t.TrimEnd('\0')), expected[(string)name!].Texts());
                break;
            case Hdf5TextValue texts when row["bytes"] is { } name:
                var wide = expected[(string)name!];
                var width = (int)wide.Shape[^1];
                Bytes(path, [.. texts.Items.SelectMany(t => t.Concat(new byte[width - t.Length]))], wide.Data);
                break;
            case Hdf5OpaqueValue opaque when row["bytes"] is { } name:
                Bytes(path, opaque.Bytes, expected[(string)name!].Data);
                break;
            case Hdf5CompoundValue compound when row["fields"] is JObject fields:
                Same(path, compound.Fields.Select(f => f.Key), fields.Properties().Select(p => p.Name));
                foreach (var (name, field) in compound.Fields)
                {
                    Value($"{path}.{name}", field, (JObject)fields[name]!);
                }

                break;
            case Hdf5SequenceValue sequences when row["lengths"] is { } name:
                Same(path, sequences.Lengths.Select(n => n.ToString()), Longs(expected[(string)name!]).Select(n => n.ToString()));
                Value(path + "[]", sequences.Items, (JObject)row["items"]!);
                break;
            case Hdf5ReferenceValue references when row["targets"] is { } name:
                Same(path, references.Targets, expected[(string)name!].Texts());
                if (row["regions"] is JArray regions)
                {
                    Json(path, new JArray(references.Regions!.Select(Region)), regions);
                }

                break;
            default:
                Differences.Add($"{path}: {value.GetType().Name}, not {string.Join(", ", row.Properties().Select(p => p.Name))}");
                break;
        }
    }

    // The manifest lists points one by one, blocks as pairs of corners.
    private static JArray Region(Hdf5Region? region) => region is null ? []
        : region.IsPoints ? new JArray(region.Coordinates.Select(p => new JArray(p)))
        : new JArray(region.Coordinates.Chunk(2).Select(b => new JArray(b.Select(p => new JArray(p)))));

    private void Numbers(string path, Hdf5NumberValue found, NpyArray wanted)
    {
        var kind = found.Kind switch { Hdf5NumberKind.Float => 'f', Hdf5NumberKind.Signed => 'i', _ => 'u' };
        if ((kind, found.ElementSize) == (wanted.Kind, wanted.ItemSize) || (wanted.Kind == 'b' && found.ElementSize == 1))
        {
            if (!found.Bytes.AsSpan().SequenceEqual(wanted.Data))
            {
                // Not a number is not a number, whatever its other bits.
                Same(path, Doubles(kind, found.ElementSize, found.Bytes), Doubles(kind, wanted.ItemSize, wanted.Data));
            }
        }
        else if (kind == wanted.Kind)
        {
            Same(path, Doubles(kind, found.ElementSize, found.Bytes), Doubles(kind, wanted.ItemSize, wanted.Data));
        }
        else
        {
            Differences.Add($"{path}: {kind}{found.ElementSize}, not {wanted.Kind}{wanted.ItemSize}");
        }
    }

    private static IEnumerable<string> Doubles(char kind, int size, byte[] data)
    {
        for (var at = 0; at < data.Length; at += size)
        {
            var item = data.AsSpan(at, size);
            yield return (kind, size) switch
            {
                ('f', 2) => ((double)BinaryPrimitives.ReadHalfLittleEndian(item)).ToString("R"),
                ('f', 4) => ((double)BinaryPrimitives.ReadSingleLittleEndian(item)).ToString("R"),
                ('f', 8) => BinaryPrimitives.ReadDoubleLittleEndian(item).ToString("R"),
                ('i', 1) => ((sbyte)item[0]).ToString(),
                ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(item).ToString(),
                ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(item).ToString(),
                ('i', 8) => BinaryPrimitives.ReadInt64LittleEndian(item).ToString(),
                (_, 1) => item[0].ToString(),
                (_, 2) => BinaryPrimitives.ReadUInt16LittleEndian(item).ToString(),
                (_, 4) => BinaryPrimitives.ReadUInt32LittleEndian(item).ToString(),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(item).ToString(),
            };
        }
    }

    private static IEnumerable<long> Longs(NpyArray array) =>
        Enumerable.Range(0, (int)array.Count).Select(i => BinaryPrimitives.ReadInt64LittleEndian(array.Data.AsSpan(8 * i)));

    private void Bytes(string path, byte[] found, byte[] wanted)
    {
        if (!found.AsSpan().SequenceEqual(wanted))
        {
            Differences.Add($"{path}: bytes {Convert.ToHexString(found)}, not {Convert.ToHexString(wanted)}");
        }
    }

    private void Json(string path, JToken found, JToken wanted)
    {
        if (!JToken.DeepEquals(Sorted(found), Sorted(wanted)))
        {
            Differences.Add($"{path}: {found.ToString(Newtonsoft.Json.Formatting.None)}, not {wanted.ToString(Newtonsoft.Json.Formatting.None)}");
        }
    }

    private static JToken Sorted(JToken token) => token switch
    {
        JObject o => new JObject(o.Properties().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new JProperty(p.Name, Sorted(p.Value)))),
        JArray a => new JArray(a.Select(Sorted)),
        JValue { Type: JTokenType.Integer } number => new JValue(number.ToString()),
        _ => token,
    };

    private void Same(string path, IEnumerable<string> found, IEnumerable<string> wanted)
    {
        var (f, w) = (found.ToList(), wanted.ToList());
        if (!f.SequenceEqual(w))
        {
            var at = f.Zip(w).TakeWhile(p => p.First == p.Second).Count();
            Differences.Add(new StringBuilder(path).Append($": [{at}] of {f.Count}: {f.ElementAtOrDefault(at)}, not [{at}] of {w.Count}: {w.ElementAtOrDefault(at)}").ToString());
        }
    }
}
