//! A set of pixels of a picture: grown, shrunk, and followed from seeds.

use super::raster::Matte;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

impl Mask {
    /// The pixels whose index (row by row) satisfies `is_inside`.
    pub fn new(width: usize, height: usize, is_inside: impl FnMut(usize) -> bool) -> Self {
        Self { width, height, inside: (0..width * height).map(is_inside).collect() }
    }

    /// The pixels whose opacity satisfies `is_inside`.
    pub fn of(matte: &Matte, is_inside: impl Fn(f32) -> bool) -> Self {
        Self::new(matte.width as usize, matte.height as usize, |index| is_inside(matte.alpha[index]))
    }

    pub fn has(&self, index: usize) -> bool {
        self.inside[index]
    }

    pub fn count(&self) -> usize {
        self.inside.iter().filter(|inside| **inside).count()
    }

    pub fn is_empty(&self) -> bool {
        !self.inside.contains(&true)
    }

    pub fn indices(&self) -> impl Iterator<Item = usize> {
        self.inside.iter().enumerate().filter_map(|(index, inside)| inside.then_some(index))
    }

    /// One value per pixel: 1 inside, 0 outside.
    pub fn weights(&self) -> Vec<f32> {
        self.inside.iter().map(|inside| if *inside { 1.0 } else { 0.0 }).collect()
    }

    pub fn or(&self, other: &Self) -> Self {
        Self::new(self.width, self.height, |index| self.inside[index] || other.inside[index])
    }

    pub fn but_not(&self, other: &Self) -> Self {
        Self::new(self.width, self.height, |index| self.inside[index] && !other.inside[index])
    }

    /// With every pixel that has one of the set in the square of `radius` around it.
    pub fn grown(&self, radius: usize) -> Self {
        self.squares(radius, true)
    }

    /// Without every pixel that has one of the others in the square of `radius` around it. What lies
    /// beyond the picture counts as more of the same.
    pub fn shrunk(&self, radius: usize) -> Self {
        self.squares(radius, false)
    }

    /// Pixels that have `value` somewhere in the square around them become `value`.
    fn squares(&self, radius: usize, value: bool) -> Self {
        if radius == 0 {
            return self.clone();
        }
        let width = self.width;
        let mut rows = self.inside.clone();
        for (line, out) in self.inside.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
            spread_along(line.iter().copied(), radius, value, |at| out[at] = value);
        }
        let mut inside = rows.clone();
        for x in 0..width {
            let column = rows[x..].iter().step_by(width).copied();
            spread_along(column, radius, value, |y| inside[y * width + x] = value);
        }
        Self { width, height: self.height, inside }
    }

    /// The part of the set that hangs together with `seeds`, from pixel to the four beside it.
    pub fn reached_from(&self, seeds: &Self) -> Self {
        let mut reached = vec![false; self.inside.len()];
        let mut open: Vec<usize> = seeds.indices().filter(|index| self.inside[*index]).collect();
        open.iter().for_each(|index| reached[*index] = true);
        while let Some(index) = open.pop() {
            let (x, y) = (index % self.width, index / self.width);
            let beside = [
                (x > 0).then(|| index - 1),
                (x + 1 < self.width).then_some(index + 1),
                (y > 0).then(|| index.wrapping_sub(self.width)),
                (y + 1 < self.height).then_some(index + self.width),
            ];
            for neighbour in beside.into_iter().flatten() {
                if self.inside[neighbour] && !reached[neighbour] {
                    reached[neighbour] = true;
                    open.push(neighbour);
                }
            }
        }
        Self { width: self.width, height: self.height, inside: reached }
    }
}

/// Calls `mark` for every place that has `value` within `radius` of it.
fn spread_along(line: impl Iterator<Item = bool>, radius: usize, value: bool, mut mark: impl FnMut(usize)) {
    let mut marked_up_to = 0;
    let mut last: Option<usize> = None;
    for (at, here) in line.enumerate() {
        if here == value {
            for place in marked_up_to.max(at.saturating_sub(radius))..at {
                mark(place);
            }
            last = Some(at);
        }
        if last.is_some_and(|last| at - last <= radius) {
            mark(at);
            marked_up_to = at + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> Mask {
        let bytes: Vec<u8> = rows.iter().flat_map(|row| row.bytes()).collect();
        Mask::new(rows[0].len(), rows.len(), |index| bytes[index] == b'#')
    }

    #[test]
    fn growing_and_shrinking_go_by_squares() {
        let dot = mask(&[".....", ".....", "..#..", ".....", "....."]);
        assert_eq!(dot.grown(1), mask(&[".....", ".###.", ".###.", ".###.", "....."]));
        assert_eq!(dot.grown(1).shrunk(1), dot);
        assert!(dot.shrunk(1).is_empty());
        assert_eq!(dot.grown(9).count(), 25);
    }

    #[test]
    fn the_edge_of_the_picture_does_not_shrink_what_touches_it() {
        let left = mask(&["###..", "###..", "###.."]);
        assert_eq!(left.shrunk(1), mask(&["##...", "##...", "##..."]));
    }

    #[test]
    fn an_island_is_not_reached() {
        let two = mask(&["##..#", ".#..#", ".#..#"]);
        let seed = mask(&["#....", ".....", "....."]);
        assert_eq!(two.reached_from(&seed), mask(&["##...", ".#...", ".#..."]));
    }
}
