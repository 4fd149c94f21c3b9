namespace KerasCompat.Fuzz;

/// <summary>About a minute of fuzzing, always the same; the program goes on from there.</summary>
public class FuzzTests
{
    public static TheoryData<string> Names => [.. Targets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_changed_file_is_read_or_refused(string name)
    {
        const int Rounds = 400;
        Target target = Targets.All.Single(t => t.Name == name);
        var tally = new Tally(target);
        tally.Run(Enumerable.Range(0, Rounds));
        Assert.True(tally.Faults.Count == 0, string.Join("\n", tally.Faults.Take(3)));

        // A fuzzer all of whose files fail, or none, reaches nothing.
        Assert.InRange(tally.Read, 1, Rounds - 1);
    }

    /// <summary>Every number of a small file, one after another, set to what code is apt to take badly.</summary>
    [Theory]
    [InlineData("hdf5/keras-tree-libver-earliest.h5")]
    [InlineData("hdf5/keras-tree-libver-latest.h5")]
    public void Every_field_may_hold_an_extreme_number(string file)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Testing.Fixtures.Root, file));
        IReadOnlyList<Hdf5Mutation.Checked> structures = Hdf5Mutation.Structures(whole);
        Target target = Targets.All.Single(t => t.Name == "HDF5");
        const int MostFields = 512;
        int step = Math.Max(1, whole.Length / MostFields);
        for (int at = 0; at + 8 <= whole.Length; at += step)
        {
            foreach (int size in new[] { 2, 4, 8 })
            {
                long[] extremes = Numbers.Extremes(size, whole.Length);
                byte[] bytes = [.. whole];
                Numbers.Write(bytes.AsSpan(at, size), extremes[(at + size) % extremes.Length]);
                Hdf5Mutation.Mend(bytes, structures);
                Round round = Round.Of(target, bytes, file);
                Assert.True(round.Fault is null, $"{file}, {size} bytes at {at}: {round.Fault}");
            }
        }
    }
}
